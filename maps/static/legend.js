// The legend with the number of rows in each class, the switch between views, the layers.
"use strict";

(function (Guatu) {
  const { element, swatch, word } = Guatu;
  const { rows } = Guatu.declaration.declared;
  const lines = rows === "segments";
  const MANY = 10; // of more classes only those with rows are listed

  const number = (n, className) =>
    element("span", { className, text: Guatu.format(n, "count") });

  // Of two days the number of the earlier one stands first.
  function entry(paint, n, before) {
    const shape = lines ? "line" : "square";
    const mark = Guatu.swatchOf(paint, { shape });
    if (lines) mark.style.height = `${paint.width}px`;
    const item = element(
      "li",
      {},
      mark,
      element("span", { className: "label", text: Guatu.className(paint) }),
      ...(before === null ? [] : [number(before, "before")]),
      number(n, "n"),
    );
    item.classList.toggle("empty", n === 0 && !before);
    return item;
  }

  function days(earlier) {
    const day = (text, className) => element("span", { className, text: text.slice(2) });
    const { as_of: later } = Guatu.declaration;
    return element("li", { className: "days" }, day(earlier, "before"), day(later, "n"));
  }

  // `before`: the rows of the earlier of two days by the same classes, and that day.
  Guatu.showLegend = function (view, { classes, members }, before = null) {
    const plain = (paint) => !paint.hatched && paint.decision === null;
    const ordered = [...classes.filter(plain), ...classes.filter((paint) => !plain(paint))];
    const size = ({ key }) => before?.members.get(key).length ?? null;
    const listed = ({ key }) => classes.length <= MANY || members.get(key).length || size({ key });
    const entries = ordered
      .filter(listed)
      .map((paint) => entry(paint, members.get(paint.key).length, size(paint)));
    if (before) entries.unshift(days(before.day));
    document.getElementById("legend").replaceChildren(...entries);
    document.getElementById("legend-note").textContent = word(`legend.${view.key}`);
  };

  Guatu.showViews = function (views, chosen, choose) {
    const buttons = views.map((view) => {
      const button = element("button", {
        type: "button",
        text: word(`view.${view.key}`),
        onclick: () => choose(view),
      });
      button.setAttribute("aria-pressed", String(view === chosen));
      return button;
    });
    document.getElementById("views").replaceChildren(...buttons);
  };

  function toggle(role) {
    const box = element("input", { type: "checkbox", checked: Guatu.isShown(role), name: role });
    box.addEventListener("change", () => {
      Guatu.show(role, box.checked);
      // Classes that nothing on the map shows are no legend.
      if (role === rows) document.getElementById("legend").hidden = !box.checked;
    });
    return element("label", {}, box, element("span", { text: word(`layer.${role}`) }));
  }

  function mark(one, shape) {
    const { word: key, color, hollow, size, texture } = one;
    const shown = texture
      ? Guatu.swatchOf(Guatu.areaOf(one))
      : swatch(hollow ? "#ffffff" : color, { shape });
    shown.style.borderColor = hollow || texture ? color : "#ffffff";
    if (shape === "line") shown.style.height = `${3 * size}px`;
    return element("span", { className: "mark" }, shown, word(key), element("b", {}));
  }

  const told = new Map(); // computed layer -> its keys and the note below them

  // How many of each kind a computed layer shows, and what they are.
  Guatu.tellShapes = function ({ layer, marks }, { counts, definition }) {
    const { keys, note } = told.get(layer);
    marks.forEach(({ value }, at) => {
      keys[at].querySelector("b").textContent = Guatu.format(counts?.[value] ?? null, "count");
    });
    note.textContent = definition;
  };

  // One switch a layer that could be drawn, with the key of its points.
  Guatu.showToggles = function (layers, map) {
    const hints = [];
    const switches = layers.map((layer) => {
      const hint = element("small", { text: word("ui.zoom_to_see") });
      hints.push([hint, layer]);
      const keyed = layer.marks.length > 1 || layer.computed;
      const keys = keyed ? layer.marks.map((one) => mark(one, layer.shape)) : [];
      const note = element("p", { className: "note" });
      if (layer.computed) told.set(layer.layer, { keys, note });
      return element("div", {}, toggle(layer.role), hint, element("p", {}, ...keys), note);
    });
    const update = () => {
      for (const [hint, layer] of hints) hint.hidden = Guatu.isNear(layer, map);
    };
    map.on("zoomend", update);
    update();
    document.getElementById("toggles").replaceChildren(...switches);
  };
})(window.Guatu);
