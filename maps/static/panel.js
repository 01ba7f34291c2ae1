// The panel with the figures of what was clicked, in place of the ranking.
"use strict";

(function (Guatu) {
  const { declaration, element, format, word } = Guatu;
  const panel = document.getElementById("panel");
  const ranking = document.getElementById("ranking");
  const hidden = new Set(["name", "kind"]);

  let opener = null; // what had the keyboard's focus before the panel opened

  function open(heading, lines, pairs, close) {
    const back = element("button", {
      type: "button",
      className: "close",
      text: word("ui.close"),
      onclick: close,
    });
    const figures = element("dl");
    for (const [label, ...shown] of pairs)
      figures.append(element("dt", { text: label }), element("dd", {}, ...shown));
    panel.replaceChildren(back, element("h2", { text: heading }), ...lines, figures);
    const from = document.activeElement;
    const byButton = ranking.contains(from) || document.getElementById("cards").contains(from);
    if (byButton) opener = from;
    panel.hidden = false;
    ranking.hidden = true;
    if (byButton) back.focus();
  }

  Guatu.openPanel = open;

  Guatu.closePanel = function () {
    panel.hidden = true;
    ranking.hidden = false;
    opener?.focus({ preventScroll: true });
    opener = null;
  };

  // "37 / 58": a figure with what it is a part of; a share with both of its counts. Of two days the
  // earlier figure stands first.
  function figure(row, { field, format: kind, part, base }, before) {
    const shown = format(row[field], kind, field);
    const was = before ? format(before[field], kind, field) : shown;
    if (was !== shown) return [element("small", { text: `${was} → ` }), shown];
    if (base === null || row[field] === null) return [shown];
    const count = part === null ? "" : `${format(row[part], "count")} `;
    return [shown, element("small", { text: ` ${count}/ ${format(row[base], "count")}` })];
  }

  function classLine(paint) {
    const mark = Guatu.swatchOf(paint);
    return element("p", { className: "chip" }, mark, Guatu.className(paint));
  }

  // `before`: the same row on the earlier of two days; `day`: the one that the row is of.
  Guatu.openRow = function (row, paint, close, { before = null, day = declaration.as_of } = {}) {
    const heading = Guatu.title(row);
    const figures = declaration.declared.figures
      .filter(({ field, only_with: other }) => field in row && (!other || row[other] !== null))
      .map((declared) => [word(`field.${declared.field}`), ...figure(row, declared, before)]);
    const code = heading === row.code ? [] : [[word("field.code"), row.code]];
    const lines = [element("p", { className: "period", text: Guatu.period({ ...declaration, as_of: day }) })];
    if (before) lines.push(element("p", { className: "period", text: comparedWith() }));
    if (paint) lines.unshift(classLine(paint));
    open(heading, lines, [...code, ...figures], close);
    const reopen = () => Guatu.openCode(row.code);
    if (declaration.declared.rows === "segments")
      Guatu.openWork(panel, { about: "segment", code: row.code, reopen });
  };

  const comparedWith = () => word("ui.compared_with", { day: Guatu.comparedDay() });

  // A word of the fixed lists in the reader's language; dates and codes as they are.
  function plain(field, value) {
    return typeof value === "number" ? format(value, "decimal") : Guatu.named(field, value);
  }

  Guatu.openPoint = function (found, close) {
    const { role, properties } = found;
    const pairs = Object.entries(properties)
      .filter(([field, value]) => !hidden.has(field) && value !== "")
      .map(([field, value]) => [Guatu.named("field", field), plain(field, value)]);
    open(properties.name || word(`layer.${role}`), [], pairs, close);
    const reopen = () => Guatu.openFound(found);
    if (role === "hazards" && properties.code !== undefined)
      Guatu.openWork(panel, { about: "hazard", code: properties.code, id: found.id, reopen });
  };
})(window.Guatu);
