// The headline figures, each with its denominator and the formula behind it.
"use strict";

(function (Guatu) {
  const { element, format, path, word } = Guatu;

  function value(card, numerator, denominator) {
    if (card.kind !== "share") return format(numerator, card.format);
    const known = numerator !== null && denominator !== null && denominator !== 0;
    return format(known ? numerator / denominator : null, "share");
  }

  // "12 / 345 家": the base is always in sight, unknown or not.
  function base(card, numerator, denominator) {
    const unit = word(`unit.${card.key}`);
    if (card.denominator === null) return unit;
    const of = format(denominator, "count");
    const ratio = card.kind === "share" ? `${format(numerator, "count")} / ${of}` : `/ ${of}`;
    return `${ratio} ${unit}`;
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
      ),
      element("p", { className: "formula", text: word(`formula.${card.key}`) }),
    );
  }

  function count(rows, holds) {
    return rows.filter(holds).length;
  }

  function sum(values) {
    const known = values.filter((value) => value !== null && value !== undefined);
    return known.length ? known.reduce((total, value) => total + value, 0) : null;
  }

  // Counts of rows that the answer leaves to its reader.
  Guatu.counted = function (answer, rows) {
    return {
      rows: rows.length,
      hot: count(rows, (row) => row.gi_bin > 0),
      with_value: count(rows, (row) => row.value > 0),
      with_units: count(rows, (row) => row.n_units > 0),
      not_placed: sum([answer.outside?.outside, answer.outside?.without_position]),
    };
  };

  Guatu.showCards = function (cards, answer, box) {
    box.replaceChildren(...cards.map((card) => show(card, answer)));
  };
})(window.Guatu);
