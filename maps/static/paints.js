// How each layer looks, in MapLibre's style language.
"use strict";

(function (Guatu) {
  const { INK, zoomed } = Guatu;
  Guatu.NOTHING = ["==", ["get", "code"], ""];
  const { rows } = Guatu.declaration.declared;

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
      // The first mark is the one that must be seen.
      layout: { "circle-sort-key": byMark(layer, (mark) => -layer.marks.indexOf(mark)) },
      paint: {
        "circle-color": byMark(layer, (mark) => (mark.hollow ? "#ffffff" : mark.color)),
        "circle-stroke-color": byMark(layer, (mark) => (mark.hollow ? mark.color : "#ffffff")),
        "circle-stroke-width": byMark(layer, (mark) => (mark.hollow ? 1.4 : 0.8)),
        "circle-radius": zoomed(12, ["*", 1.6, size], 15, ["*", 3.4, size], 18, ["*", 7, size]),
      },
      ...rest,
    };
  }

  const aggregate = ["has", "n"];
  const [far, near] = Guatu.declaration.behind ? [0.6, 0.45] : [1, 0.7];

  const markColor = ({ marks }, value) => marks.find((mark) => mark.value === value).color;

  // Far off nobody sees what is round, and it takes twice as long to draw.
  const ROUND_FROM = 13;
  const street = (id, color, width) => ({
    id,
    type: "line",
    layout: {
      "line-cap": ["step", ["zoom"], "square", ROUND_FROM, "round"],
      "line-join": ["step", ["zoom"], "miter", ROUND_FROM, "round"],
    },
    paint: { "line-color": color, "line-width": width },
  });

  // From far away only boxes that are to blame: there is one at every other junction.
  Guatu.boxFilter = function (shown) {
    const isCause = ["==", ["to-string", ["get", "is_cause"]], "true"];
    return ["step", ["zoom"], ["all", isCause, shown], 12, shown];
  };

  // What each role draws, from the bottom up.
  Guatu.roles = {
    cells: () => [
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
    // Where streets are the rows, they carry their names themselves.
    ground: () => Guatu.basemapStyles({ streetNames: rows !== "segments" }),
    // Grey until their classes are known.
    segments: () => [
      street("segments-line", "#c2c6cb", 1.5),
      Guatu.streetNames("segments-name"),
    ],
    // The walk as a band, on it the runs that it is made of.
    dark_runs: (layer) => [
      {
        id: "dark-runs-walk",
        type: "line",
        filter: ["==", ["get", "kind"], "walk"],
        layout: { "line-cap": "round", "line-join": "round" },
        paint: {
          "line-color": markColor(layer, "walk"),
          "line-width": zoomed(10, 8, 14, 11, 18, 18),
        },
      },
      {
        id: "dark-runs-line",
        type: "line",
        layout: { "line-join": "round" },
        paint: {
          "line-color": markColor(layer, "run"),
          "line-width": zoomed(10, 0.8, 14, 2, 18, 2.6),
        },
      },
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
    clusters: (layer) => [
      {
        id: "clusters-fill",
        type: "fill",
        paint: { "fill-color": markColor(layer, "cluster"), "fill-opacity": 0.12 },
      },
      {
        id: "clusters-line",
        type: "line",
        layout: { "line-join": "round" },
        paint: { "line-color": markColor(layer, "cluster"), "line-width": zoomed(9, 1.2, 14, 2.4) },
      },
    ],
    repeat_sites: (layer) => [point(layer, "repeat-sites-point")],
    blind_spots: (layer) => [
      {
        id: "blind-spots-fill",
        type: "fill",
        paint: {
          "fill-pattern": byMark(layer, (mark) => Guatu.textureName(Guatu.areaOf(mark))),
        },
      },
      {
        id: "blind-spots-line",
        type: "line",
        paint: { "line-color": layer.marks[0].color, "line-width": 0.6, "line-opacity": 0.6 },
      },
    ],
    units: (layer) => [point(layer, "units-point")],
    lamps: (layer) => [point(layer, "lamps-point")],
    boxes: (layer) => [point(layer, "boxes-point", { filter: Guatu.boxFilter(true) })],
    outages: (layer) => [point(layer, "outages-point")],
  };

  // How the rows of a class look. Close up, the points matter more than the class that is known by
  // then; and always a map behind has to be seen.
  function area({ key, color, hatched, ...paint }) {
    const over = (id, name, opacity) => ({
      id,
      type: "fill",
      paint: { "fill-pattern": name, "fill-opacity": opacity },
    });
    const textured = paint.texture !== "";
    return [
      {
        id: `cells-${key}`,
        type: "fill",
        paint: { "fill-color": color, "fill-opacity": zoomed(15, far, 17, near) },
      },
      ...(hatched ? [over(`cells-hatch-${key}`, "hatch", 1)] : []),
      ...(textured
        ? [over(`cells-texture-${key}`, Guatu.textureName(paint), zoomed(15, 0.8, 17, 0.4))]
        : []),
    ];
  }

  Guatu.classStyles = (paint) =>
    rows === "cells" ? area(paint) : [street(`segments-${paint.key}`, paint.color, paint.width)];

  // Exact by code: feature states would go by a hash of it, and "01" would be "1".
  // MapLibre looks labels up in a plain object: "#" keeps "constructor" out of its prototype.
  Guatu.isOneOf = (codes, field = "code") => [
    "match",
    ["concat", "#", ["get", field]],
    [...new Set(codes)].map((code) => `#${code}`), // two sources may share a code
    true,
    false,
  ];

  // A frame with a white edge; around a segment, so that its color stays in sight.
  Guatu.selection = function (target) {
    const gap = rows === "segments" ? 10 : 0;
    const line = {
      type: "line",
      filter: Guatu.NOTHING,
      layout: { "line-join": "round", visibility: "none" },
      ...target,
    };
    const edge = (id, color, width) => ({
      id,
      ...line,
      paint: { "line-color": color, "line-width": gap ? width / 2 : width, "line-gap-width": gap },
    });
    return [edge("chosen-edge", "#ffffff", 8), edge("chosen", INK, 2.6)];
  };

  // A pattern of diagonal lines: no data.
  Guatu.hatch = function (side = 8) {
    const data = new Uint8Array(side * side * 4);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        if ((x + y) % side < 1) data.set([125, 133, 143, 190], (y * side + x) * 4);
    return { width: side, height: side, data };
  };
})(window.Guatu);
