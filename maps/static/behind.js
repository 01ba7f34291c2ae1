// A map of somebody else's beneath the page's own, where the service names one.
"use strict";

(function (Guatu) {
  const PANE = "behind";
  const { behind } = Guatu.declaration;
  const { datum } = behind ?? {};
  const MOST_ZOOM = 18;

  // What the map behind calls a place; nothing changes where its datum is WGS 84.
  function told({ lng, lat }) {
    if (!datum || datum === "wgs84") return L.latLng(lat, lng);
    const { WGS84, GCJ02, BD09 } = gcoord;
    const [lon, north] = gcoord.transform([lng, lat], WGS84, { gcj02: GCJ02, bd09: BD09 }[datum]);
    return L.latLng(north, lon);
  }

  Guatu.toldBehind = told;

  // The city's data stay where they are, and so do clicks. A map drawn in GCJ-02 or BD-09 is moved
  // beneath them instead: what it calls the middle of the view is put there. What is left over grows
  // by 4 mm a metre from there at most, so to 4 pixels at the edge of a wide screen.
  const Moved = L.TileLayer.extend({
    _setZoomTransform(level, center, zoom) {
      L.TileLayer.prototype._setZoomTransform.call(this, level, told(center), zoom);
    },
    _getTiledPixelBounds(center) {
      return L.TileLayer.prototype._getTiledPixelBounds.call(this, told(center));
    },
    // Leaflet moves its layers with the map; how far this one has to be off is another elsewhere.
    _update(center) {
      if (this._map) this._setZoomTransforms(center ?? this._map.getCenter(), this._map.getZoom());
      L.TileLayer.prototype._update.call(this, center);
    },
  });

  Guatu.layBehind = function (map) {
    if (!behind) return;
    map.createPane(PANE).style.zIndex = 100;
    new Moved(behind.url, { pane: PANE, maxNativeZoom: MOST_ZOOM, maxZoom: 20 }).addTo(map);
  };

  Guatu.showBehind = (map, visible) => (map.getPane(PANE).style.display = visible ? "" : "none");
})(window.Guatu);
