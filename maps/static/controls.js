// Grid, day, window and language: each choice is part of the page's address.
"use strict";

(function (Guatu) {
  const { declaration, element, word } = Guatu;
  const WINDOWS = [7, 30, 90, 180, 365, 730];
  const FILES = { xlsx: "Excel", csv: "CSV", geojson: "GeoJSON" };

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
    grid.addEventListener("change", () => go("grid", grid.value));
    for (const field of [day, days])
      field.addEventListener(
        "change",
        () => field.value && Guatu.changePeriod({ [field.name]: field.value }),
      );
    lang.addEventListener("click", () => go("lang", lang.value));
    form.addEventListener("submit", (event) => event.preventDefault());
  };

  // The controls say what the page shows, whichever way it came to it.
  Guatu.showPeriodInControls = function (form) {
    form.elements.as_of.value = declaration.as_of;
    document.getElementById("day-words").textContent = Guatu.longDay(declaration.as_of);
    form.elements.window.value = String(declaration.window_days);
  };

  // The rows behind the map, to take away: the answer itself in other formats.
  Guatu.showDownloads = function (box) {
    const { subject, as_of: day, answer_url: url } = declaration;
    const links = Object.entries(FILES).map(([format, text]) =>
      element("a", {
        href: `${url}&format=${format}`,
        download: `${subject}-${day}.${format}`,
        text,
      }),
    );
    // The same question, drawn for the wall.
    const poster = element("a", {
      href: url.replace(/^[^?]*/, `/api/v1/posters/${subject}.pdf`),
      download: `${subject}-${day}.pdf`,
      text: word("ui.poster"),
    });
    box.replaceChildren(word("ui.download"), ...links, poster);
  };

  let fitting = false; // the whole city, which needs no place in the address

  function addressOf(map) {
    if (fitting) return location.pathname + location.search;
    const { lat, lng } = map.getCenter();
    return `#${map.getZoom().toFixed(2)}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
  }

  Guatu.fitCity = function (map) {
    const [west, south, east, north] = declaration.bounds;
    const corners = [
      [south, west],
      [north, east],
    ];
    // The field to search in lies over the upper edge.
    const field = document.getElementById("finding");
    const top = field?.offsetHeight ? field.offsetTop + field.offsetHeight + 8 : 14;
    const around = { paddingTopLeft: [14, top], paddingBottomRight: [14, 14] };
    fitting = true;
    map.fitBounds(corners, { animate: false, ...around });
    fitting = false;
  };

  // What surrounds the map grows while it is filled: until the first tile is asked for, the city
  // fills what is left.
  function followSize(map) {
    const inView = location.hash;
    map.invalidateSize({ animate: false });
    if (inView === "") Guatu.fitCity(map);
  }

  // Opens on the whole city, or on the part that was in view before another choice was made.
  Guatu.openView = function (map) {
    const kept = location.hash.slice(1).split("/").map(Number);
    if (kept.length === 3 && kept.every(Number.isFinite))
      map.setView([kept[1], kept[2]], kept[0], { animate: false });
    else Guatu.fitCity(map);
    map.on("moveend", () => history.replaceState(null, "", addressOf(map)));
    new ResizeObserver(() => Guatu.isDrawn() || followSize(map)).observe(map.getContainer());
  };
})(window.Guatu);
