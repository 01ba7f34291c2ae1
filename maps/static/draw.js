// The map: MapLibre sources and layers inside folium's Leaflet map.
"use strict";

(function (Guatu) {
  const CLICK_PX = 5;
  const SELECTION = ["chosen-edge", "chosen"];
  const { declaration } = Guatu;
  const { rows, layers } = declaration.declared;
  const points = ["lamps", "outages", "hazards", "units"];
  const drawn = new Map(); // role -> ids of its layers

  let chosen = null; // code of the row whose figures are shown
  let gl = null; // set once the style stands: before that nothing can be painted

  function source(layer) {
    const inline = declaration.data?.[layer.layer];
    if (inline) return { type: "geojson", data: inline };
    const template = declaration.tile_urls[layer.layer];
    if (!template) return null;
    return {
      type: "vector",
      tiles: [location.origin + template],
      minzoom: layer.min_zoom,
      maxzoom: layer.max_zoom,
    };
  }

  function addRole(layer) {
    const origin = source(layer);
    if (!origin) return;
    if (!gl.getSource(layer.layer)) gl.addSource(layer.layer, origin);
    const target = { source: layer.layer };
    if (origin.type === "vector") target["source-layer"] = layer.layer;
    const styles = Guatu.roles[layer.role](layer);
    for (const style of styles) gl.addLayer({ ...style, ...target });
    drawn.set(
      layer.role,
      styles.map((style) => style.id),
    );
    if (layer.layer === rows) Guatu.selection(target).forEach((style) => gl.addLayer(style));
  }

  // What has figures here, the points above it first.
  function pick(latlng) {
    const at = gl.project([latlng.lng, latlng.lat]);
    const box = [
      [at.x - CLICK_PX, at.y - CLICK_PX],
      [at.x + CLICK_PX, at.y + CLICK_PX],
    ];
    for (const role of [...points, rows]) {
      const ids = drawn.get(role) ?? [];
      const area = role === "cells" ? at : box;
      const [found] = ids.length ? gl.queryRenderedFeatures(area, { layers: ids }) : [];
      if (found) return { role, properties: found.properties };
    }
    return null;
  }

  function positions(geometry) {
    return geometry.coordinates.flat(Infinity);
  }

  function boundsOf(code) {
    const found = gl.querySourceFeatures(rows, {
      sourceLayer: rows,
      filter: ["==", ["get", "code"], code],
    });
    const flat = found.flatMap((feature) => positions(feature.geometry));
    if (!flat.length) return null;
    const lons = flat.filter((_, index) => index % 2 === 0);
    const lats = flat.filter((_, index) => index % 2 === 1);
    const bounds = L.latLngBounds([]);
    lons.forEach((lon, index) => bounds.extend([lats[index], lon]));
    return bounds;
  }

  // Draw the declared layers into folium's map; resolves when the first frame stands.
  Guatu.draw = async function (map, layer) {
    L.control.zoom({
      position: "bottomright",
      zoomInTitle: Guatu.word("ui.zoom_in"),
      zoomOutTitle: Guatu.word("ui.zoom_out"),
    }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    layer.addTo(map);
    const starting = layer.getMaplibreMap();
    await new Promise((resolve) => starting.once("load", resolve));
    gl = starting;
    gl.addImage("hatch", Guatu.hatch());
    layers.forEach(addRole);
    if (gl.getLayer("chosen")) SELECTION.forEach((id) => gl.moveLayer(id));
  };

  Guatu.paint = function (sorted) {
    if (!gl) return;
    const color = Guatu.byClass(sorted, (paint) => paint.color, "rgba(0,0,0,0)");
    if (rows === "segments") {
      gl.setPaintProperty("segments-line", "line-color", color);
      const width = Guatu.byClass(sorted, (paint) => paint.width, 1);
      gl.setPaintProperty("segments-line", "line-width", width);
      return;
    }
    gl.setPaintProperty("cells-fill", "fill-color", color);
    const hatched = Guatu.byClass(sorted, (paint) => paint.hatched, false);
    gl.setFilter("cells-hatch", hatched === false ? Guatu.NOTHING : hatched);
  };

  function frame(code) {
    if (!gl?.getLayer("chosen")) return;
    const filter = code === null ? Guatu.NOTHING : ["==", ["get", "code"], code];
    for (const id of SELECTION) gl.setFilter(id, filter);
  }

  // Only what is in view can be measured: what lies elsewhere is looked for in the whole city.
  function flyTo(code) {
    const map = window.map_guatu;
    const fly = (bounds) => map.fitBounds(bounds.pad(1.5), { maxZoom: 17 });
    const near = boundsOf(code);
    if (near) return fly(near);
    Guatu.fitCity(map);
    return gl.once("idle", () => {
      const found = boundsOf(code);
      if (found) fly(found);
    });
  }

  Guatu.choose = function (code, { fly = false } = {}) {
    chosen = code;
    frame(code);
    if (fly && gl) flyTo(code);
  };

  // Frame a row for as long as it is pointed at.
  Guatu.point = (code) => frame(code ?? chosen);

  Guatu.show = function (role, visible) {
    for (const id of drawn.get(role) ?? [])
      gl.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
  };

  // Whether the map is close enough for a layer to be drawn: MapLibre's tiles are twice as wide as
  // Leaflet's, so its zoom is one less.
  Guatu.isNear = ({ layer, min_zoom: least }, map) =>
    declaration.data?.[layer] !== undefined || map.getZoom() - 1 >= least;
  Guatu.drawnRoles = () => [...drawn.keys()];
  Guatu.picked = (latlng) => (gl ? pick(latlng) : null);
  // Resolves when all that is in view stands on the screen.
  Guatu.settled = () =>
    new Promise((resolve) => {
      if (gl === null) return resolve();
      gl.once("idle", resolve);
      return gl.triggerRepaint();
    });
  Guatu.countDrawn = (role) => gl.queryRenderedFeatures({ layers: drawn.get(role) ?? [] }).length;
})(window.Guatu);
