// The map: MapLibre sources and layers inside folium's Leaflet map.
"use strict";

(function (Guatu) {
  const INK = "#1d2733";
  const NOTHING = ["==", ["get", "code"], ""];
  const CLICK_PX = 5;
  const { declaration } = Guatu;
  const { rows, layers } = declaration.declared;
  const drawn = new Map(); // role -> ids of its layers

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

  // What a point's mark says, by the value of the layer's field; the last mark is for the rest.
  function byMark({ field, marks }, value) {
    const known = marks.filter((mark) => mark.value !== null);
    const otherwise = value(marks.at(-1));
    if (!known.length) return otherwise;
    const cases = known.flatMap((mark) => [String(mark.value), value(mark)]);
    return ["match", ["to-string", ["get", field]], ...cases, otherwise];
  }

  function point(layer, id, rest = {}) {
    const size = byMark(layer, (mark) => mark.size);
    return {
      id,
      type: "circle",
      paint: {
        "circle-color": byMark(layer, (mark) => (mark.hollow ? "#ffffff" : mark.color)),
        "circle-stroke-color": byMark(layer, (mark) => (mark.hollow ? mark.color : "#ffffff")),
        "circle-stroke-width": byMark(layer, (mark) => (mark.hollow ? 1.6 : 1)),
        "circle-radius": zoomed(12, ["*", 2.2, size], 16, ["*", 5, size]),
      },
      ...rest,
    };
  }

  // Exact by code: feature states would go by a hash of it, and "01" would be "1".
  // MapLibre looks labels up in a plain object: "#" keeps "constructor" out of its prototype.
  function byClass({ classes, classOf }, value, otherwise) {
    const codesOf = new Map(classes.map((paint) => [paint, []]));
    for (const [code, paint] of classOf) codesOf.get(paint).push(`#${code}`);
    const cases = [...codesOf]
      .filter(([, codes]) => codes.length > 0)
      .flatMap(([paint, codes]) => [codes, value(paint)]);
    return cases.length ? ["match", ["concat", "#", ["get", "code"]], ...cases, otherwise] : otherwise;
  }

  const zoomed = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];
  const aggregate = ["has", "n"];

  // Names are drawn with the fonts of this machine: the style names no server of glyphs.
  const streetNames = (id) => ({
    id,
    type: "symbol",
    minzoom: 14,
    layout: {
      "symbol-placement": "line",
      "text-field": ["get", "name"],
      "text-font": ["Noto Sans CJK SC", "Microsoft YaHei", "sans-serif"],
      "text-size": zoomed(14, 10, 18, 14),
      "text-max-angle": 20,
    },
    paint: { "text-color": INK, "text-halo-color": "rgba(255,255,255,0.85)", "text-halo-width": 1.4 },
  });

  // What each role draws, from the bottom up.
  const roles = {
    cells: () => [
      {
        id: "cells-fill",
        type: "fill",
        // Close up, the points matter more than the class that is known by then.
        paint: { "fill-color": "rgba(0,0,0,0)", "fill-opacity": zoomed(14, 1, 17, 0.65) },
      },
      {
        id: "cells-hatch",
        type: "fill",
        filter: NOTHING,
        paint: { "fill-pattern": "hatch" },
      },
      {
        id: "cells-line",
        type: "line",
        paint: {
          "line-color": "#79838f",
          "line-opacity": 0.55,
          "line-width": zoomed(9, 0.3, 14, 0.9),
          // Among segments a boundary must not look like a street.
          ...(rows === "segments" && { "line-dasharray": [4, 3] }),
        },
      },
    ],
    ground: () => [
      {
        id: "ground-line",
        type: "line",
        layout: { "line-cap": "round" },
        paint: {
          "line-color": INK,
          "line-opacity": zoomed(10, 0.1, 14, 0.3),
          "line-width": zoomed(10, 0.3, 14, 1, 17, 3),
        },
      },
      streetNames("ground-name"),
    ],
    segments: () => [
      {
        id: "segments-line",
        type: "line",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": "#c2c6cb", "line-width": 1.5 },
      },
      streetNames("segments-name"),
    ],
    hazards: (layer) => [
      {
        id: "hazards-sum",
        type: "circle",
        filter: aggregate,
        paint: {
          "circle-color": INK,
          "circle-opacity": 0.35,
          "circle-radius": ["min", 5, ["+", 0.8, ["*", 0.18, ["sqrt", ["get", "n"]]]]],
        },
      },
      point(layer, "hazards-point", { filter: ["!", aggregate] }),
    ],
    units: (layer) => [point(layer, "units-point")],
    lamps: (layer) => [point(layer, "lamps-point")],
    outages: (layer) => [point(layer, "outages-point")],
  };

  const clickable = ["lamps", "outages", "hazards", "units", "segments", "cells"];

  function hatch(side = 8) {
    const data = new Uint8Array(side * side * 4);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        if ((x + y) % side < 1) data.set([125, 133, 143, 190], (y * side + x) * 4);
    return { width: side, height: side, data };
  }

  function addRole(layer) {
    const origin = source(layer);
    if (!origin) return;
    if (!gl.getSource(layer.layer)) gl.addSource(layer.layer, origin);
    const target = { source: layer.layer };
    if (origin.type === "vector") target["source-layer"] = layer.layer;
    const styles = roles[layer.role](layer);
    for (const style of styles) gl.addLayer({ ...style, ...target });
    drawn.set(
      layer.role,
      styles.map((style) => style.id),
    );
    if (layer.layer === rows) addSelection(target);
  }

  // A frame with a white edge; around a segment, so that its color stays in sight.
  function addSelection(target) {
    const gap = rows === "segments" ? 10 : 0;
    const line = { type: "line", filter: NOTHING, layout: { "line-join": "round" }, ...target };
    for (const [id, color, width] of [
      ["chosen-edge", "#ffffff", 8],
      ["chosen", INK, 2.6],
    ])
      gl.addLayer({
        id,
        ...line,
        paint: { "line-color": color, "line-width": gap ? width / 2 : width, "line-gap-width": gap },
      });
  }

  function pick(latlng, roleNames) {
    const at = gl.project([latlng.lng, latlng.lat]);
    const box = [
      [at.x - CLICK_PX, at.y - CLICK_PX],
      [at.x + CLICK_PX, at.y + CLICK_PX],
    ];
    for (const role of roleNames) {
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
    gl.addImage("hatch", hatch());
    layers.forEach(addRole);
    if (gl.getLayer("chosen")) ["chosen-edge", "chosen"].forEach((id) => gl.moveLayer(id));
  };

  Guatu.paint = function (sorted) {
    if (!gl) return;
    const color = byClass(sorted, (paint) => paint.color, "rgba(0,0,0,0)");
    if (rows === "segments") {
      gl.setPaintProperty("segments-line", "line-color", color);
      const width = byClass(sorted, (paint) => paint.width, 1);
      gl.setPaintProperty("segments-line", "line-width", width);
      return;
    }
    gl.setPaintProperty("cells-fill", "fill-color", color);
    const hatched = byClass(sorted, (paint) => paint.hatched, false);
    gl.setFilter("cells-hatch", hatched === false ? NOTHING : hatched);
  };

  Guatu.choose = function (code, { fly = false } = {}) {
    if (!gl?.getLayer("chosen")) return;
    const filter = code === null ? NOTHING : ["==", ["get", "code"], code];
    ["chosen-edge", "chosen"].forEach((id) => gl.setFilter(id, filter));
    const bounds = fly && code !== null ? boundsOf(code) : null;
    if (bounds) window.map_guatu.fitBounds(bounds.pad(1.5), { maxZoom: 17 });
  };

  Guatu.show = function (role, visible) {
    for (const id of drawn.get(role) ?? [])
      gl.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
  };

  Guatu.drawnRoles = () => [...drawn.keys()];
  Guatu.picked = (latlng) => (gl ? pick(latlng, clickable) : null);
  Guatu.isIdle = () => gl !== null && gl.loaded() && gl.areTilesLoaded();
  Guatu.countDrawn = (role) => gl.queryRenderedFeatures({ layers: drawn.get(role) ?? [] }).length;
})(window.Guatu);
