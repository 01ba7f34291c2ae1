// Rows that wait for a place: what they may mean, and the place a person gives on a map.
"use strict";

(function (Guatu) {
  const { element, word, format, labelled } = Guatu;
  const byId = (id) => document.getElementById(id);
  const dialog = byId("placing");
  const given = byId("place");
  const A_PAGE = 20;
  const CLOSE_ENOUGH = 14; // the zoom from which streets are drawn
  const CITY_WIDE = 1000; // a grid with more cells is not drawn
  const LINE = { color: "#8a949c", weight: 2, interactive: true };
  const EDGE = { color: "#b9bec0", weight: 1, fill: false, interactive: false };

  const MAPLIBRE = ["/static/vendor/maplibre-gl.js", "/static/vendor/leaflet-maplibre-gl.js"];

  const ask = (method, path, body) => Guatu.ask(method, path, body, "/api/v1");

  let placing = null; // the row in the dialog: kind, id, code, said
  let map = null;
  let mark = null;
  let streets = null;
  let basemap = null;

  // A text would be taken for markup, an element is not.
  function nameStreet({ properties: { name: text } }, layer) {
    if (text) layer.bindTooltip(element("bdi", { text }), { sticky: true });
  }

  // Without WebGL: the streets in view, once the map is close enough to tell them apart.
  async function drawStreets() {
    if (map.getZoom() < CLOSE_ENOUGH) return streets.clearLayers();
    const bbox = map.getBounds().toBBoxString();
    const found = await ask("GET", `/segments?format=geojson&limit=1000&bbox=${bbox}`);
    streets.clearLayers();
    return streets.addLayer(L.geoJSON(found, { style: LINE, onEachFeature: nameStreet }));
  }

  async function drawCells() {
    const { items } = await ask("GET", "/grids");
    const drawable = items.filter(({ n_cells: n }) => n <= CITY_WIDE);
    const [grid] = drawable.sort((one, other) => other.n_cells - one.n_cells);
    if (!grid) return;
    const code = encodeURIComponent(grid.code);
    const cells = await ask("GET", `/grids/${code}/cells?format=geojson&limit=${CITY_WIDE}`);
    L.geoJSON(cells, { style: EDGE }).addTo(map);
  }

  const loaded = (src) =>
    new Promise((resolve, reject) => {
      const script = element("script", { src, onload: resolve, onerror: reject });
      document.head.append(script);
    });

  // Most who bring a ledger in place nothing by hand: what draws the basemap is large.
  async function drawBasemap() {
    for (const src of MAPLIBRE) await loaded(src);
    basemap = Guatu.basemapLayer().addTo(map);
  }

  // Resolves when the basemap stands, where there is one.
  Guatu.settled = () =>
    new Promise((resolve) => {
      if (!basemap) return resolve();
      const gl = basemap.getMaplibreMap();
      gl.once("idle", resolve);
      return gl.triggerRepaint();
    });

  async function makeMap() {
    map = L.map("placing-map", { preferCanvas: true, zoomControl: false, maxZoom: 19 });
    map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: word("ui.zoom_in"), zoomOutTitle: word("ui.zoom_out") }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.on("click", ({ latlng }) => give(latlng.lng, latlng.lat));
    const { bounds } = await ask("GET", "/city");
    const [west, south, east, north] = bounds ?? [73, 18, 135, 54];
    map.fitBounds([[south, west], [north, east]]);
    Guatu.layBehind(map);
    if (Guatu.hasWebgl()) return drawBasemap();
    streets = L.layerGroup().addTo(map);
    map.on("moveend", () => drawStreets().catch(alarm));
    return drawCells();
  }

  function alarm({ message }) {
    byId("placing-alert").textContent = message;
    byId("placing-alert").hidden = message === "";
  }

  function show(lon, lat) {
    mark?.remove();
    mark = L.circleMarker([lat, lon], { radius: 9, color: "#b3202c", weight: 3 }).addTo(map);
  }

  // Fills the form with a place of the map, which is WGS 84.
  function give(lon, lat) {
    given.elements.lon.value = lon.toFixed(6);
    given.elements.lat.value = lat.toFixed(6);
    given.elements.datum.value = "wgs84";
    show(lon, lat);
  }

  function offerButton({ thing, name, likeness, lon, lat }) {
    const kind = word(`import.thing.${thing}`);
    const text = word("import.offer", { kind, share: format(likeness, "share") });
    const made = element("button", { type: "button", className: "quiet" });
    made.append(element("bdi", { text: name }), element("small", { text }));
    made.addEventListener("click", () => {
      give(lon, lat);
      map.setView([lat, lon], 16, { animate: false });
    });
    return made;
  }

  async function open(row) {
    placing = row;
    byId("placing-what").textContent = [row.code, row.said].filter(Boolean).join(" · ");
    byId("placing-offers").replaceChildren();
    alarm({ message: "" });
    given.reset();
    mark?.remove();
    dialog.showModal();
    if (!map) await makeMap();
    const { items } = await ask("GET", `/unplaced/${row.kind}/${row.id}/offers`);
    if (placing !== row) return; // another row was opened meanwhile
    const none = element("p", { className: "note", text: word("import.no_offer") });
    byId("placing-offers").replaceChildren(...(items.length ? items.map(offerButton) : [none]));
  }

  async function place(event) {
    event.preventDefault();
    const { kind, id } = placing;
    const { lon, lat, datum } = given.elements;
    const spot = { lon: Number(lon.value), lat: Number(lat.value), datum: datum.value };
    try {
      await ask("POST", `/unplaced/${kind}/${id}/place`, spot);
    } catch (error) {
      return alarm(error);
    }
    dialog.close();
    return Guatu.showUnplaced(kind);
  }

  function queueRow(row) {
    const act = element("button", { type: "button", className: "link", text: word("import.place") });
    act.setAttribute("aria-label", `${word("import.place")} ${row.code}`);
    act.addEventListener("click", () => open(row).catch(alarm));
    return element(
      "tr",
      {},
      labelled("import.code", element("bdi", { text: row.code })),
      labelled("import.source", element("bdi", { text: row.source })),
      labelled("import.said", element("bdi", { text: row.said })),
      labelled("import.act", element("span", { className: "acts" }, act)),
    );
  }

  function showKinds(counts, chosen) {
    const waiting = Object.keys(counts).filter((kind) => counts[kind] > 0);
    const kind = waiting.includes(chosen) ? chosen : waiting[0];
    byId("unplaced-kind").replaceChildren(
      ...waiting.map((value) => {
        const text = word("import.waits", { kind: word(`kind.${value}`), n: format(counts[value], "count") });
        return element("option", { value, text, selected: value === kind });
      }),
    );
    return kind;
  }

  // The first rows of the queue of a kind; those that follow come as these are placed.
  Guatu.showUnplaced = async function (chosen) {
    const kind = showKinds(await ask("GET", "/unplaced"), chosen);
    byId("unplaced").hidden = kind === undefined;
    if (kind === undefined) return;
    const { items } = await ask("GET", `/unplaced/${kind}?limit=${A_PAGE}`);
    const keys = ["code", "source", "said", "act"].map((key) => `import.${key}`);
    const rows = items.map((row) => queueRow({ kind, ...row }));
    byId("unplaced-rows").replaceChildren(Guatu.listTable("list", keys, rows));
  };

  given.addEventListener("submit", place);
  byId("placing-close").addEventListener("click", () => dialog.close());
  byId("unplaced-kind").addEventListener("change", ({ target }) => Guatu.showUnplaced(target.value));
})(window.Guatu);
