// Grid, day, window and language: each choice is part of the page's address.
"use strict";

(function (Guatu) {
  const { declaration, element, word } = Guatu;
  const WINDOWS = [7, 30, 90, 180, 365, 730];

  function go(name, value) {
    const address = new URL(location.href);
    address.searchParams.set(name, value);
    location.assign(address);
  }

  function options(select, pairs, chosen) {
    for (const [value, text] of pairs)
      select.append(element("option", { value, text, selected: value === chosen }));
  }

  Guatu.fillControls = function (form) {
    const { grid, as_of: day, window: days, lang } = form.elements;
    options(grid, declaration.grids.map(([code, name]) => [code, name || code]), declaration.grid);
    day.value = declaration.as_of;
    const windows = [...new Set([...WINDOWS, declaration.window_days])].sort((a, b) => a - b);
    options(
      days,
      windows.map((n) => [String(n), word("ui.days", { n })]),
      String(declaration.window_days),
    );
    for (const field of [grid, day, days])
      field.addEventListener("change", () => field.value && go(field.name, field.value));
    lang.addEventListener("click", () => go("lang", lang.value));
    form.addEventListener("submit", (event) => event.preventDefault());
  };

  // Opens on the whole city, or on the part that was in view before another choice was made.
  Guatu.openView = function (map) {
    const [west, south, east, north] = declaration.bounds;
    const kept = location.hash.slice(1).split("/").map(Number);
    if (kept.length === 3 && kept.every(Number.isFinite))
      map.setView([kept[1], kept[2]], kept[0], { animate: false });
    else
      map.fitBounds(
        [
          [south, west],
          [north, east],
        ],
        { animate: false, padding: [24, 24] },
      );
    map.on("moveend", () => {
      const { lat, lng } = map.getCenter();
      const view = `#${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
      history.replaceState(null, "", view);
    });
  };
})(window.Guatu);
