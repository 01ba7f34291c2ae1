// The map as a picture drawn by the service, where the browser has no WebGL.
"use strict";

(function (Guatu) {
  const { declaration, word } = Guatu;

  let overlay = null;
  let view = null;

  function address(map) {
    const bounds = map.getBounds();
    const { x: width, y: height } = map.getSize();
    const { subject, grid, as_of, window_days: window } = declaration;
    const query = new URLSearchParams({
      bbox: bounds.toBBoxString(),
      width,
      height,
      as_of,
      window,
      ...(grid && { grid }),
      ...(view && { view }),
      ...declaration.chosen,
    });
    return { url: `/pictures/${subject}.png?${query}`, bounds };
  }

  // The picture before stays until the next one is there.
  function draw() {
    const map = window.map_guatu;
    const { url, bounds } = address(map);
    const next = L.imageOverlay(url, bounds, { alt: word("ui.map") });
    const old = overlay;
    overlay = next;
    next.once("load error", () => old?.remove());
    next.addTo(map);
  }

  Guatu.openPicture = function (map) {
    L.control.zoom({ position: "bottomright" }).addTo(map);
    map.on("moveend resize", draw);
    draw();
  };

  // Color the picture by another view, or draw another day.
  Guatu.paintPicture = function (key) {
    view = key;
    if (overlay) draw();
  };
})(window.Guatu);
