// The field that finds a unit, a cell, a road or a lamp, and shows where it is.
"use strict";

(function (Guatu) {
  const PAUSE_MS = 250;
  const ZOOM = 17;
  const ROWS = { cells: "cell", segments: "road" };
  const ROLES = { unit: "units", lamp: "lamps", road: "segments", cell: "cells" };
  const { declaration, element, word } = Guatu;
  const byId = (id) => document.getElementById(id);

  let timer = null;
  let asked = 0;
  let ring = null;

  function mark({ lat, lon }) {
    ring?.remove();
    ring = L.circleMarker([lat, lon], { radius: 16, color: "#1d2733", weight: 3, fill: false });
    ring.addTo(window.map_guatu);
  }

  // A row of this map opens with its figures, anything else with its name and a ring around it.
  function show(thing) {
    close();
    const isRow = ROWS[declaration.declared.rows] === thing.thing;
    if (isRow && Guatu.openCode(thing.code)) return ring?.remove();
    window.map_guatu.setView([thing.lat, thing.lon], ZOOM, { animate: false });
    mark(thing);
    const { code, name } = thing;
    return Guatu.openFound({ role: ROLES[thing.thing], properties: { code, name } });
  }

  function entry(thing) {
    const name = element("span", { className: "label", text: thing.name });
    const kind = element("small", { text: word(`thing.${thing.thing}`) });
    const button = element("button", { type: "button", onclick: () => show(thing) }, name, kind);
    return element("li", {}, button);
  }

  function close() {
    byId("found").hidden = true;
  }

  // Answers may overtake each other: only the last one asked for is shown.
  async function find(said) {
    const number = ++asked;
    if (said.trim() === "") return close();
    const { grid, as_of: day } = declaration;
    const query = new URLSearchParams({ q: said, as_of: day, ...(grid && { grid }) });
    const { items } = await Guatu.read(`/api/v1/find?${query}`);
    if (number !== asked) return undefined;
    const nothing = element("li", { className: "note", text: word("ui.nothing_found") });
    byId("found").replaceChildren(...(items.length ? items.map(entry) : [nothing]));
    byId("found").hidden = false;
    return items;
  }

  Guatu.openFinding = function (form) {
    const { q } = form.elements;
    q.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => find(q.value), PAUSE_MS);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(timer);
      const items = await find(q.value);
      if (items?.length) show(items[0]);
    });
    form.addEventListener("keydown", ({ key }) => key === "Escape" && close());
    form.addEventListener("focusout", ({ relatedTarget }) => {
      if (!form.contains(relatedTarget)) close();
    });
  };
})(window.Guatu);
