// Which class of a view each row of the answer belongs to.
"use strict";

(function (Guatu) {
  const TOP_SHARE = 0.5;

  function holds(rule, row) {
    const value = row[rule.field] ?? null;
    if (rule.missing) return value === null;
    if (value === null) return false;
    if (rule.equals !== null) return value === rule.equals;
    return (
      (rule.at_least === null || value >= rule.at_least) &&
      (rule.above === null || value > rule.above) &&
      (rule.below === null || value < rule.below)
    );
  }

  // Whether a row keeps all of these rules.
  Guatu.keeps = (rules, row) => rules.every((rule) => holds(rule, row));

  function fits(paint, row, decisions) {
    if (paint.decision !== null) return decisions.has(paint.decision);
    return paint.rules.every((rule) => holds(rule, row));
  }

  function sort(classes, rows, decisions) {
    const members = new Map(classes.map((paint) => [paint.key, []]));
    let isWhole = true; // whether every row has a class
    for (const row of rows) {
      const paint = classes.find((candidate) => fits(candidate, row, decisions));
      if (paint) members.get(paint.key).push(row.code);
      else isWhole = false;
    }
    return { classes, members, isWhole };
  }

  function tooFine({ classes, members }) {
    const counted = classes.filter((paint) => paint.key.startsWith("step"));
    const sizes = counted.map((paint) => members.get(paint.key).length);
    const all = sizes.reduce((sum, size) => sum + size, 0);
    return all > 0 && sizes.at(-1) > TOP_SHARE * all;
  }

  function withClassOf(sorted) {
    const classOf = new Map();
    for (const paint of sorted.classes)
      for (const code of sorted.members.get(paint.key)) classOf.set(code, paint);
    return { ...sorted, classOf };
  }

  // The rows of a view by class; fixed breaks are taken from a coarser set when most rows
  // would lie above the highest.
  Guatu.classify = function (view, rows, decisions) {
    let sorted = sort(view.classes, rows, decisions);
    for (const classes of view.coarser) {
      if (!tooFine(sorted)) break;
      sorted = sort(classes, rows, decisions);
    }
    return withClassOf(sorted);
  };

  // Rows of another day by the classes of this one: a legend has one set of them.
  Guatu.sortInto = (classes, rows, decisions) => withClassOf(sort(classes, rows, decisions));

  Guatu.className = (paint) => paint.label ?? Guatu.word(`class.${paint.key}`);
})(window.Guatu);
