// The basemap in MapLibre's style language: streets by rank, boundaries, and the names of both.
"use strict";

(function (Guatu) {
  const INK = "#1d2733";
  const LEVELS = 4; // of boundaries; finer ones look alike
  const kind = (name) => ["==", ["get", "kind"], name];

  Guatu.INK = INK;
  Guatu.zoomed = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];
  const { zoomed } = Guatu;

  // A value for each rank from 1 on; the last one is for the rest.
  const byRank = (...values) => [
    "match",
    ["get", "rank"],
    ...values.slice(0, -1).flatMap((value, index) => [index + 1, value]),
    values.at(-1),
  ];

  // Names are drawn with the fonts of this machine: the style names no server of glyphs.
  const FONT = ["Noto Sans CJK SC", "Microsoft YaHei", "sans-serif"];

  Guatu.streetNames = (id, rest = {}) => ({
    id,
    type: "symbol",
    minzoom: 14,
    layout: {
      "symbol-placement": "line",
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": zoomed(14, 10, 18, 14),
      "text-max-angle": 20,
    },
    paint: {
      "text-color": INK,
      "text-halo-color": "rgba(255,255,255,0.85)",
      "text-halo-width": 1.4,
    },
    ...rest,
  });

  const streets = {
    id: "basemap-road",
    type: "line",
    filter: kind("road"),
    layout: { "line-cap": "round", "line-join": "round", "line-sort-key": ["-", 0, ["get", "rank"]] },
    paint: {
      "line-color": INK,
      "line-opacity": zoomed(9, byRank(0.3, 0.22, 0.14), 14, byRank(0.34, 0.3, 0.26)),
      "line-width": zoomed(
        ...[8, byRank(0.9, 0.6, 0.3)],
        ...[12, byRank(2, 1.5, 0.9, 0.5, 0.4)],
        ...[15, byRank(4.5, 3.6, 2.6, 1.5, 0.8)],
        ...[18, byRank(14, 12, 10, 7, 2.5)],
      ),
    },
  };

  const boundaries = {
    id: "basemap-boundary",
    type: "line",
    filter: kind("boundary"),
    layout: { "line-join": "round" },
    paint: {
      "line-color": "#5a4a6b",
      "line-opacity": byRank(0.75, 0.5, 0.4, 0.3),
      "line-width": zoomed(8, byRank(1.1, 0.6, 0.4, 0.3), 14, byRank(2.4, 1.6, 1.1, 0.8)),
      "line-dasharray": [5, 2, 1, 2],
    },
  };

  const places = {
    id: "basemap-place",
    type: "symbol",
    filter: ["all", kind("place"), ["<=", ["get", "rank"], LEVELS]],
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": zoomed(8, byRank(11, 9), 14, byRank(16, 13)),
      "text-letter-spacing": byRank(0.12, 0.02),
      "text-max-width": 8,
      "text-padding": 6,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: {
      "text-color": "#2f2739",
      "text-opacity": byRank(1, 0.85),
      "text-halo-color": "rgba(255,255,255,0.9)",
      "text-halo-width": 1.8,
    },
  };

  Guatu.basemapStyles = function ({ streetNames }) {
    const names = Guatu.streetNames("basemap-name", { filter: kind("road") });
    return [streets, boundaries, ...(streetNames ? [names] : []), places];
  };

  // Asked before MapLibre is: half made, its layer would stay in the map.
  Guatu.hasWebgl = function () {
    const canvas = document.createElement("canvas");
    return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
  };

  // The basemap alone, as a layer of Leaflet's map.
  Guatu.basemapLayer = function () {
    const tiles = [location.origin + Guatu.declaration.tile_urls.basemap];
    const target = { source: "basemap", "source-layer": "basemap" };
    const styles = Guatu.basemapStyles({ streetNames: true });
    const background = {
      "background-color": "#e8ebe9",
      "background-opacity": Guatu.declaration.behind ? 0 : 1,
    };
    return L.maplibreGL({
      attributionControl: false,
      style: {
        version: 8,
        sources: { basemap: { type: "vector", tiles, maxzoom: 14 } },
        layers: [
          { id: "background", type: "background", paint: background },
          ...styles.map((style) => ({ ...style, ...target })),
        ],
      },
    });
  };
})(window.Guatu);
