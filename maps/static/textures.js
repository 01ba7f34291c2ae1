// What lies over a color: lines, dots or rings, for those who do not see the color.
"use strict";

(function (Guatu) {
  const SIDE = 16;
  const { element } = Guatu;

  function line(paint, ...points) {
    paint.beginPath();
    points.forEach(([x, y], index) => paint[index ? "lineTo" : "moveTo"](x, y));
    paint.stroke();
  }

  function circle(paint, radius) {
    paint.beginPath();
    paint.arc(SIDE / 2, SIDE / 2, radius, 0, 2 * Math.PI);
  }

  // A diagonal that goes on in the tiles around it.
  const diagonal = (paint, from, to) =>
    [-SIDE, 0, SIDE].forEach((x) => line(paint, [x, from], [x + SIDE, to]));
  const rising = (paint) => diagonal(paint, SIDE, 0);
  const falling = (paint) => diagonal(paint, 0, SIDE);
  const bars = (paint) => [4, 12].forEach((y) => line(paint, [0, y], [SIDE, y]));

  const TEXTURES = {
    rising,
    falling,
    bars,
    cross: (paint) => [rising, falling].forEach((draw) => draw(paint)),
    dots: (paint) => (circle(paint, 2), paint.fill()),
    grid: (paint) => (line(paint, [8, 0], [8, SIDE]), line(paint, [0, 8], [SIDE, 8])),
    rings: (paint) => (circle(paint, 4), paint.stroke()),
  };

  function tile({ texture, ink }) {
    const canvas = element("canvas", { width: SIDE, height: SIDE });
    const paint = canvas.getContext("2d");
    if (!paint) return null; // a browser that draws nothing has the colors still
    Object.assign(paint, { strokeStyle: ink, fillStyle: ink, lineWidth: 1.4 });
    TEXTURES[texture](paint);
    return canvas;
  }

  // How an area with a mark looks: its color is that of the texture.
  Guatu.areaOf = ({ texture, color }) => ({ texture, ink: color, color: texture ? "#ffffff" : color });

  Guatu.textureName = ({ texture, ink }) => `${texture} ${ink}`;

  // Give a map the images of all textures that the page declares, at half their size.
  Guatu.addTextures = function (gl) {
    const { declared } = Guatu.declaration;
    const classes = declared.views.flatMap((view) => view.classes);
    const marks = declared.layers.flatMap((layer) => layer.marks).map(Guatu.areaOf);
    const textured = [...classes, ...marks].filter((one) => one.texture);
    for (const paint of textured) {
      const name = Guatu.textureName(paint);
      if (gl.hasImage(name)) continue;
      const image = tile(paint).getContext("2d").getImageData(0, 0, SIDE, SIDE);
      gl.addImage(name, image, { pixelRatio: 2 });
    }
  };

  // A swatch that looks as its class does on the map.
  Guatu.swatchOf = function (paint, options = {}) {
    const swatch = Guatu.swatch(paint.color, { hatched: paint.hatched, ...options });
    const image = paint.texture && tile(paint);
    if (image) {
      swatch.style.backgroundImage = `url(${image.toDataURL()})`;
      swatch.style.backgroundSize = `${SIDE / 2}px`;
    }
    return swatch;
  };
})(window.Guatu);
