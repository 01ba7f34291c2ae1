// Two days beside each other: the earlier one's answer, and what became of every row.
"use strict";

(function (Guatu) {
  const { declaration, element, format, word } = Guatu;

  const TOLD = ["new", "worse", "still", "fixed"];

  let day = declaration.compare;
  let answer = null; // of the earlier day, prepared
  let found = null; // what became of every row

  Guatu.comparedDay = () => day;
  Guatu.comparedAnswer = () => answer;
  Guatu.comparedRow = (code) => answer?.rowOf.get(code) ?? null;
  Guatu.changes = () => found;

  // Keep the day in the page's address; null ends the comparison.
  Guatu.compareWith = function (earlier) {
    day = earlier;
    Guatu.setQuery({ compare: earlier });
    return Guatu.changePeriod({});
  };

  Guatu.readCompared = async function () {
    found = null;
    if (day !== null && day > declaration.as_of) {
      day = declaration.as_of;
      Guatu.setQuery({ compare: day });
    }
    if (day === null) return (answer = null);
    const prepared = Guatu.prepare(await Guatu.readAnswer(Guatu.answerUrlAt({ as_of: day })));
    const decisions = new Set(prepared.decisions.map(({ code }) => code));
    const rowOf = new Map(prepared.rows.map((row) => [row.code, row]));
    return (answer = { ...prepared, decisions, rowOf });
  };

  // The figure of the view decides what is bad.
  Guatu.readChanges = async function (view) {
    if (day === null || found?.by === view.burden) return;
    const { grid, as_of, window_days: window, subject } = declaration;
    const { chosen } = declaration;
    const asked = { before: day, as_of, window, by: view.burden, ...(grid && { grid }), ...chosen };
    const query = new URLSearchParams(asked);
    found = await Guatu.read(`/api/v1/changes/${subject}?${query}`);
  };

  function count(paint) {
    const label = element("span", { className: "label", text: Guatu.className(paint) });
    const n = element("span", { className: "n", text: format(found.counts[paint.key], "count") });
    return element("li", {}, Guatu.swatch(paint.color), label, n);
  }

  // How many rows are new, worse, still there and fixed, beside a map that does not show it.
  Guatu.showChanges = function (basis, viewed) {
    const { changed } = declaration;
    const box = document.getElementById("changes");
    box.hidden = found === null || viewed === changed;
    if (box.hidden) return;
    const by = word("ui.changes_by", { figure: word(`field.${basis.burden}`) });
    const heading = element("h2", { text: word("ui.changes") });
    heading.append(element("span", { className: "by", text: by }));
    const told = changed.classes.filter(({ key }) => TOLD.includes(key));
    box.replaceChildren(heading, element("ul", {}, ...told.map(count)));
  };
})(window.Guatu);
