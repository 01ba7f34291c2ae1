// The ranking: the first rows by the figure of the view, or every row, for readers who do not
// point at the map.
"use strict";

(function (Guatu) {
  const { element, format, swatch, word } = Guatu;
  const FIRST = 15;
  const unnamed = Guatu.declaration.declared.rows === "segments" ? word("ui.unnamed") : null;

  let whole = false; // whether the reader asked for every row

  Guatu.title = (row) => row.name || unnamed || row.code;

  // Streets are split at junctions, so one name, or none, may stand for several rows.
  function sharedTitles(rows) {
    const seen = new Set();
    const shared = new Set();
    for (const title of rows.map(Guatu.title)) (seen.has(title) ? shared : seen).add(title);
    return shared;
  }

  function label(row, shared) {
    const title = Guatu.title(row);
    const text = element("span", { className: "label", text: title, title });
    return shared.has(title) ? [text, element("small", { text: row.code })] : [text];
  }

  function entry(view, row, { classOf, shared, choose }) {
    const paint = classOf.get(row.code);
    const button = element(
      "button",
      { type: "button", onclick: () => choose(row) },
      paint ? Guatu.swatchOf(paint) : swatch("#ffffff"),
      element("span", { className: "named" }, ...label(row, shared)),
      element("span", { className: "n", text: format(row[view.rank_by], view.format) }),
    );
    for (const pointed of ["mouseenter", "focus"])
      button.addEventListener(pointed, () => Guatu.point(row.code));
    for (const left of ["mouseleave", "blur"])
      button.addEventListener(left, () => Guatu.point(null));
    return element("li", {}, button);
  }

  function heading(view) {
    const by = element("span", { className: "by", text: word(`rank.${view.rank_by}`) });
    return element("h2", { text: word("ui.ranking") }, by);
  }

  Guatu.showRanking = function (view, rows, classOf, choose) {
    const value = (row) => row[view.rank_by] ?? -Infinity;
    const positive = rows.filter((row) => value(row) > 0);
    const sorted = [...(whole ? rows : positive)].sort((a, b) => value(b) - value(a));
    const shown = whole ? sorted : sorted.slice(0, FIRST);
    const shared = sharedTitles(shown);
    const list = element("ol", {});
    list.append(...shown.map((row) => entry(view, row, { classOf, shared, choose })));
    const nothing = element("p", { className: "note", text: word("ui.nothing_ranked") });
    const more = element("button", {
      type: "button",
      className: "more",
      text: whole
        ? word("ui.show_first", { n: FIRST })
        : word("ui.show_all", { n: format(rows.length, "count") }),
      onclick: () => {
        whole = !whole;
        Guatu.showRanking(view, rows, classOf, choose);
      },
    });
    more.hidden = Math.min(positive.length, FIRST) === rows.length;
    const content = shown.length ? list : nothing;
    document.getElementById("ranking").replaceChildren(heading(view), content, more);
  };
})(window.Guatu);
