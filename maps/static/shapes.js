// Layers that are no tiles: what the service computes for a day, read when it is shown.
"use strict";

(function (Guatu) {
  const KEPT = 8;
  const { declaration, word } = Guatu;
  const computed = declaration.declared.layers.filter((layer) => layer.computed);

  const read = new Map(); // address -> promise of its shapes

  function shapesAt(url) {
    if (!read.has(url)) read.set(url, Guatu.read(url));
    if (read.size > KEPT) read.delete(read.keys().next().value);
    return read.get(url);
  }

  async function lay(drawing, declared) {
    const { layer } = declared;
    const url = drawing.urls[layer];
    if (!url || drawing.laid.get(layer) === url) return;
    drawing.laid.set(layer, url);
    try {
      const shapes = await shapesAt(url);
      if (drawing.laid.get(layer) !== url) return; // another day was chosen meanwhile
      drawing.lay(layer, shapes);
      if (url === declaration.tile_urls[layer]) Guatu.tellShapes(declared, shapes);
    } catch (error) {
      read.delete(url);
      drawing.laid.delete(layer);
      Guatu.tell(word("ui.failed", { reason: error.message }));
    }
  }

  // Lay the layers that are shown onto a drawing, as they are at its addresses.
  Guatu.layShapes = (drawing) =>
    Promise.all(
      computed.filter(({ role }) => Guatu.isShown(role)).map((layer) => lay(drawing, layer)),
    );
})(window.Guatu);
