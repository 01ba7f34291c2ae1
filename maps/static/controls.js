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

  // The part of the city in view stays when the page is loaded with another choice.
  Guatu.keepView = function (map) {
    const kept = /^#(\d+(?:\.\d+)?)\/(-?\d+\.\d+)\/(-?\d+\.\d+)$/.exec(location.hash);
    if (kept) map.setView([Number(kept[2]), Number(kept[3])], Number(kept[1]), { animate: false });
    map.on("moveend", () => {
      const { lat, lng } = map.getCenter();
      const view = `#${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
      history.replaceState(null, "", view);
    });
  };
})(window.Guatu);
