// The right column: the ranking, and the figures of what was clicked.
"use strict";

(function (Guatu) {
  const { element, format, swatch, word } = Guatu;
  const RANKED = 15;
  const { declared } = Guatu.declaration;
  const hidden = new Set(["name"]);

  const unnamed = declared.rows === "segments" ? word("ui.unnamed") : null;
  const title = (row) => row.name || unnamed || row.code;

  // Streets are split at junctions, so one name, or none, may stand for several rows.
  function label(row, names) {
    const shared = names.filter((name) => name === title(row)).length > 1;
    const text = element("span", { className: "label", text: title(row) });
    if (shared) text.append(element("small", { text: ` ${row.code}` }));
    return text;
  }

  function rankedEntry(view, row, { paint, names, choose }) {
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", onclick: () => choose(row) },
        swatch(paint?.color ?? "#ffffff", { hatched: paint?.hatched }),
        label(row, names),
        element("span", { className: "n", text: format(row[view.rank_by], view.format) }),
      ),
    );
  }

  Guatu.title = title;

  Guatu.showRanking = function (view, rows, classOf, choose) {
    const ranked = rows
      .filter((row) => row[view.rank_by] > 0)
      .sort((a, b) => b[view.rank_by] - a[view.rank_by])
      .slice(0, RANKED);
    const names = ranked.map(title);
    const entries = ranked.map((row) =>
      rankedEntry(view, row, { paint: classOf.get(row.code), names, choose }),
    );
    const list = element("ol", {}, ...entries);
    const heading = element("h2", { text: word("ui.ranking") });
    heading.append(element("span", { className: "by", text: word(`rank.${view.rank_by}`) }));
    const nothing = element("p", { className: "note", text: word("ui.nothing_ranked") });
    document
      .getElementById("ranking")
      .replaceChildren(heading, ranked.length ? list : nothing);
  };

  function open(heading, chip, pairs, close) {
    const figures = element("dl");
    for (const [label, shown] of pairs)
      figures.append(element("dt", { text: label }), element("dd", { text: shown }));
    const panel = document.getElementById("panel");
    panel.replaceChildren(
      element("button", { type: "button", className: "close", text: word("ui.close"), onclick: close }),
      element("h2", { text: heading }),
      ...chip,
      figures,
    );
    panel.hidden = false;
    document.getElementById("ranking").hidden = true;
  }

  Guatu.closePanel = function () {
    document.getElementById("panel").hidden = true;
    document.getElementById("ranking").hidden = false;
  };

  // A word of the fixed lists in the reader's language; dates and codes as they are.
  function plain(field, value) {
    return typeof value === "number" ? format(value, "decimal") : Guatu.named(field, value);
  }

  Guatu.openRow = function (row, paint, close) {
    const chip = paint
      ? [
          element(
            "p",
            { className: "chip" },
            swatch(paint.color, { hatched: paint.hatched }),
            Guatu.className(paint),
          ),
        ]
      : [];
    const figures = declared.figures
      .filter(({ field }) => field in row)
      .map(({ field, format: kind }) => [
        word(`field.${field}`),
        format(row[field], kind, field),
      ]);
    open(title(row), chip, [[word("field.code"), row.code], ...figures], close);
  };

  Guatu.openPoint = function ({ role, properties }, close) {
    const pairs = Object.entries(properties)
      .filter(([field, value]) => !hidden.has(field) && value !== "")
      .map(([field, value]) => [Guatu.named("field", field), plain(field, value)]);
    open(properties.name || word(`layer.${role}`), [], pairs, close);
  };
})(window.Guatu);
