// The headline figures, each with its denominator and the formula behind it.
"use strict";

(function (Guatu) {
  const { element, format, path, word } = Guatu;

  // A share or a part of nothing is unknown, not 0.
  function value(card, numerator, denominator) {
    if (card.denominator === null) return format(numerator, card.format);
    if (!denominator || numerator === null) return format(null);
    if (card.kind === "share") return format(numerator / denominator, "share");
    return format(numerator, card.format);
  }

  // "12 / 345 家": the base is always in sight, unknown or not.
  function base(card, numerator, denominator) {
    const unit = word(`unit.${card.key}`);
    if (card.denominator === null) return unit;
    const of = format(denominator, "count");
    const ratio = card.kind === "share" ? `${format(numerator, "count")} / ${of}` : `/ ${of}`;
    return `${ratio} ${unit}`;
  }

  // "重大 3 · 一般 20"; a level that nothing has is left out.
  function levels(card, answer) {
    const counts = Object.entries(path(answer, card.by_level ?? "") ?? {});
    return counts
      .filter(([, n]) => n > 0)
      .map(([level, n]) => `${word(`level.${level}`)} ${format(n, "count")}`)
      .reverse()
      .join(" · ");
  }

  function beside(card, answer) {
    const n = path(answer, card.beside ?? "");
    return n ? word(`beside.${card.key}`, { n: format(n, "count") }) : "";
  }

  function show(card, answer) {
    const numerator = path(answer, card.numerator);
    const denominator = card.denominator === null ? null : path(answer, card.denominator);
    const shown = element("strong", { text: value(card, numerator, denominator) });
    shown.classList.toggle("unknown", shown.textContent === word("ui.unknown"));
    return element(
      "details",
      { className: `card card-${card.key}` },
      element(
        "summary",
        { title: word("ui.formula") },
        element("span", { className: "label", text: word(`card.${card.key}`) }),
        shown,
        element("span", { className: "base", text: base(card, numerator, denominator) }),
        element("span", {
          className: "more",
          text: levels(card, answer) || beside(card, answer),
        }),
      ),
      element("p", { className: "formula", text: word(`formula.${card.key}`) }),
    );
  }

  const plus = (a, b) => (a === null || b === null ? null : a + b);

  // Bases that the answer leaves to its reader.
  Guatu.counted = function ({ totals, outside }, rows) {
    const notPlaced = plus(outside?.outside ?? null, outside?.without_position ?? null);
    return {
      with_units: rows.filter((row) => row.n_units > 0).length,
      surveyed: rows.filter((row) => row.n_lamps > 0).length,
      not_placed: notPlaced,
      found: plus(totals.n_hazards ?? null, notPlaced),
    };
  };

  Guatu.showCards = function (cards, answer, box) {
    const notices = answer.decisions
      .filter(({ code }) => Guatu.declaration.notices.includes(code))
      .map(({ text }) => element("p", { className: "notice", text }));
    const shown = cards.map((card) => show(card, answer));
    shown[0].classList.add("lead");
    box.replaceChildren(...notices, ...shown);
  };
})(window.Guatu);
