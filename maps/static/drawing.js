// The declared layers in one MapLibre map, as they are on one day.
"use strict";

(function (Guatu) {
  const CLICK_PX = 5;
  const OWN = { validate: false }; // looking through 50,000 codes takes longer than drawing them
  const SELECTION = ["chosen-edge", "chosen"];
  const OVER_CLASSES = { cells: "cells-line", segments: "segments-name" };
  // Layers of what lies along streets: where each names its street.
  const ALONG_STREETS = {
    "segments-name": "code",
    "lamps-point": "segment",
    "outages-point": "segment",
  };
  const NAMES = ["basemap-name", "basemap-place"];
  const { declaration } = Guatu;
  const { rows, layers } = declaration.declared;
  const points = ["boxes", "lamps", "outages", "repeat_sites", "hazards", "units"];

  const address = (template) => location.origin + template;
  const among = (codes, field) => (codes.length ? Guatu.isOneOf(codes, field) : Guatu.NOTHING);
  const NONE = { type: "FeatureCollection", features: [] };

  Guatu.Drawing = class {
    // `gl` is a map whose style stands: before that nothing can be painted.
    constructor(gl, urls) {
      this.gl = gl;
      this.urls = urls;
      this.drawn = new Map(); // role -> ids of its layers
      this.laid = new Map(); // computed layer -> address of what lies there
      this.classed = ["segments-line"].filter(() => rows === "segments"); // replaced by each paint
      this.isWaiting = true; // for the classes of the rows: drawn without them, all is made twice
      this.isWhole = true; // whether no row is left out
      // Leaflet's map around it has the keyboard and the name.
      gl.getCanvas().tabIndex = -1;
      gl.getCanvas().setAttribute("aria-hidden", "true");
      gl.addImage("hatch", Guatu.hatch());
      Guatu.addTextures(gl);
      for (const layer of layers) this.add(layer);
      // Names are read over everything that lies there, those of places last.
      for (const id of NAMES) if (gl.getLayer(id)) gl.moveLayer(id);
      this.showGround();
      if (gl.getLayer("chosen")) SELECTION.forEach((id) => gl.moveLayer(id));
    }

    source({ layer, computed, min_zoom: minzoom, max_zoom: maxzoom }) {
      const inline = declaration.data?.[layer];
      if (inline) return { type: "geojson", data: inline };
      const template = this.urls[layer];
      if (computed) return template && { type: "geojson", data: NONE };
      return template && { type: "vector", tiles: [address(template)], minzoom, maxzoom };
    }

    add(layer) {
      const origin = this.source(layer);
      if (!origin) return;
      if (!this.gl.getSource(layer.layer)) this.gl.addSource(layer.layer, origin);
      const target = this.target(layer.layer);
      const styles = Guatu.roles[layer.role](layer);
      for (const style of styles) this.gl.addLayer({ ...style, ...target });
      this.drawn.set(
        layer.role,
        styles.map((style) => style.id),
      );
      if (layer.layer === rows)
        Guatu.selection(target).forEach((style) => this.gl.addLayer(style));
    }

    target(layer) {
      const isTiled = this.gl.getSource(layer).type === "vector";
      return { source: layer, ...(isTiled && { "source-layer": layer }) };
    }

    // Another day: only the layers whose address changes are read again.
    follow(urls) {
      for (const [layer, template] of Object.entries(urls))
        if (this.urls[layer] !== template) this.gl.getSource(layer)?.setTiles?.([address(template)]);
      this.urls = urls;
    }

    // What the service computed for the day.
    lay(layer, shapes) {
      this.gl.getSource(layer).setData(shapes);
    }

    // Draw the rows class by class, the first one on top. An expression over all codes would do
    // the same, but MapLibre sends it along with every tile.
    paint({ classes, members, isWhole, boxes }) {
      for (const id of this.classed) this.gl.removeLayer(id);
      const others = this.drawn.get(rows).filter((id) => !this.classed.includes(id));
      const there = classes.filter(({ key }) => members.get(key).length > 0).reverse();
      this.classed = there.flatMap((paint) => this.addClass(paint, members.get(paint.key)));
      this.drawn.set(rows, [...this.classed, ...others]);
      this.choose([...members.values()].flat(), boxes);
      this.isWhole = isWhole;
      this.reveal();
    }

    addClass(paint, codes) {
      const filter = Guatu.isOneOf(codes);
      return Guatu.classStyles(paint).map((style) => {
        this.gl.addLayer({ ...style, ...this.target(rows) }, OVER_CLASSES[rows]);
        this.gl.setFilter(style.id, filter, OWN);
        return style.id;
      });
    }

    // Show the rows as far as they are known.
    reveal() {
      this.isWaiting = false;
      this.show(rows, Guatu.isShown(rows));
    }

    // Only chosen streets have a class: what lies along the others, or feeds only them, is left out.
    choose(codes, boxes) {
      if (rows !== "segments" || !Object.keys(declaration.chosen).length) return;
      for (const [layer, field] of Object.entries(ALONG_STREETS))
        this.filter(layer, among(codes, field));
      this.filter("boxes-point", Guatu.boxFilter(among(boxes)));
    }

    filter(layer, shown) {
      if (this.gl.getLayer(layer)) this.gl.setFilter(layer, shown, OWN);
    }

    // What has figures here, the points above it first.
    pick(latlng) {
      const at = this.gl.project([latlng.lng, latlng.lat]);
      const box = [
        [at.x - CLICK_PX, at.y - CLICK_PX],
        [at.x + CLICK_PX, at.y + CLICK_PX],
      ];
      for (const role of [...points, rows]) {
        const ids = this.drawn.get(role) ?? [];
        const area = role === "cells" ? at : box;
        const [found] = ids.length ? this.gl.queryRenderedFeatures(area, { layers: ids }) : [];
        if (found) return { role, id: found.id, properties: found.properties };
      }
      return null;
    }

    boundsOf(code) {
      const found = this.gl.querySourceFeatures(rows, {
        sourceLayer: rows,
        filter: ["==", ["get", "code"], code],
      });
      const flat = found.flatMap(({ geometry }) => geometry.coordinates.flat(Infinity));
      if (!flat.length) return null;
      const bounds = L.latLngBounds([]);
      for (let at = 0; at < flat.length; at += 2) bounds.extend([flat[at + 1], flat[at]]);
      return bounds;
    }

    frame(code) {
      if (!this.gl.getLayer("chosen")) return;
      const filter = code === null ? Guatu.NOTHING : ["==", ["get", "code"], code];
      for (const id of SELECTION) {
        this.gl.setFilter(id, filter);
        this.setVisible(id, code !== null);
      }
    }

    show(role, visible) {
      const isDrawn = visible && !(role === rows && this.isWaiting);
      for (const id of this.drawn.get(role) ?? [])
        this.setVisible(id, isDrawn && !this.isCovered(id));
      if (role === rows) this.showGround();
    }

    showGround() {
      this.show("ground", Guatu.isShown("ground"));
    }

    // Streets lie over those of the basemap, which are the same: nobody sees these.
    isCovered(id) {
      const isAll = this.isWhole && !Object.keys(declaration.chosen).length;
      return id === "basemap-road" && rows === "segments" && isAll && Guatu.isShown(rows);
    }

    setVisible(id, visible) {
      this.gl.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
    }

    // Resolves when all that is in view stands on the screen.
    settled() {
      return new Promise((resolve) => {
        this.gl.once("idle", resolve);
        this.gl.triggerRepaint();
      });
    }

    countDrawn(role) {
      return this.gl.queryRenderedFeatures({ layers: this.drawn.get(role) ?? [] }).length;
    }
  };
})(window.Guatu);
