// The map: the drawing of the day inside folium's Leaflet map.
"use strict";

(function (Guatu) {
  const { declaration } = Guatu;
  const PATIENCE_MS = 1500; // what lies there is then shown without its classes

  let chosen = null; // code of the row whose figures are shown
  let main = null;
  let answered = false;
  const { layers } = declaration.declared;
  const unasked = layers.filter(({ shown }) => !shown).map(({ role }) => role);
  const hidden = new Set(unasked); // roles that the reader has switched off, or not yet on

  const drawings = () => [main, Guatu.earlierDrawing()].filter(Boolean);

  // The map of a layer, once its style stands.
  Guatu.started = async function (map, layer) {
    layer.addTo(map);
    const gl = layer.getMaplibreMap();
    await new Promise((resolve) => gl.once("style.load", resolve));
    return gl;
  };

  // Draw the declared layers into folium's map; resolves when the first frame stands.
  Guatu.draw = async function (map, layer) {
    if (!Guatu.hasWebgl()) throw new Error("no WebGL");
    L.control.zoom({
      position: "bottomright",
      zoomInTitle: Guatu.word("ui.zoom_in"),
      zoomOutTitle: Guatu.word("ui.zoom_out"),
    }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    main = new Guatu.Drawing(await Guatu.started(map, layer), declaration.tile_urls);
    Guatu.align(main);
    setTimeout(() => main.isWaiting && main.reveal(), PATIENCE_MS);
    if (declaration.behind) layBehind(map);
  };

  // Two basemaps at once cannot be read: the city's own waits for its switch.
  function layBehind(map) {
    Guatu.layBehind(map);
    main.gl.setPaintProperty("background", "background-opacity", 0);
    Guatu.show("ground", false);
  }

  Guatu.isShown = (role) => !hidden.has(role);

  Guatu.paint = (sorted) => main?.paint(sorted);

  // Show the layers at the addresses that the declaration has by now.
  Guatu.followTiles = function () {
    main?.follow(declaration.tile_urls);
    return Guatu.layAll();
  };

  // What is computed comes after the answer that it is part of.
  Guatu.layAll = () => answered && Promise.all(drawings().map(Guatu.layShapes));
  Guatu.layAnswered = function () {
    answered = true;
    return Guatu.layAll();
  };

  // Only what is in view can be measured: what lies elsewhere is looked for in the whole city.
  function flyTo(code) {
    const map = window.map_guatu;
    const fly = (bounds) => map.fitBounds(bounds.pad(1.5), { maxZoom: 17 });
    const near = main.boundsOf(code);
    if (near) return fly(near);
    Guatu.fitCity(map);
    return main.gl.once("idle", () => {
      const found = main.boundsOf(code);
      if (found) fly(found);
    });
  }

  Guatu.choose = function (code, { fly = false } = {}) {
    chosen = code;
    Guatu.point(code);
    if (fly && main) flyTo(code);
  };

  // Frame a row for as long as it is pointed at.
  Guatu.point = (code) => drawings().forEach((drawing) => drawing.frame(code ?? chosen));

  Guatu.show = function (role, visible) {
    if (visible) hidden.delete(role);
    else hidden.add(role);
    for (const drawing of drawings()) drawing.show(role, visible);
    if (role === "behind") Guatu.showBehind(window.map_guatu, visible);
    Guatu.layAll();
  };

  // A second drawing frames and hides what the first one does.
  Guatu.align = function (drawing) {
    drawing.frame(chosen);
    for (const role of drawing.drawn.keys()) drawing.show(role, !hidden.has(role));
  };

  Guatu.isDrawn = () => main !== null;

  // Whether the map is close enough for a layer to be drawn: MapLibre's tiles are twice as wide as
  // Leaflet's, so its zoom is one less.
  Guatu.isNear = ({ layer, min_zoom: least }, map) =>
    declaration.data?.[layer] !== undefined || map.getZoom() - 1 >= least;
  Guatu.drawnRoles = () => [...main.drawn.keys()];
  Guatu.picked = function (latlng) {
    const drawing = Guatu.isEarlier(latlng) ? Guatu.earlierDrawing() : main;
    return drawing?.pick(latlng) ?? null;
  };
  Guatu.settled = () => Promise.all(drawings().map((drawing) => drawing.settled()));
  Guatu.countDrawn = (role) => main.countDrawn(role);
})(window.Guatu);
