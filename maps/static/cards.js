// The headline figures, each with its denominator and the formula behind it, and what a reader
// must know before them.
"use strict";

(function (Guatu) {
  const { declaration, element, format, path, word } = Guatu;
  const LEVELS = ["major", "larger", "general", "ungraded"];

  // A share or a part of nothing is unknown, not 0.
  function value(card, numerator, denominator) {
    if (card.denominator === null) return format(numerator, card.format);
    if (!denominator || numerator === null) return format(null);
    if (card.kind === "share") return format(numerator / denominator, "share");
    return format(numerator, card.format);
  }

  // "12 / 345 家": the base is in sight, unknown or not; only a base of nothing says nothing.
  function base(card, unit, numerator, denominator) {
    if (card.denominator === null) return numerator === null ? "" : unit;
    if (!denominator) return "";
    const of = format(denominator, "count");
    const ratio = card.kind === "share" ? `${format(numerator, "count")} / ${of}` : `/ ${of}`;
    return `${ratio} ${unit}`;
  }

  // Complaints name places: without an inventory nobody knows how many lamps are out there.
  function unitOf(card, answer) {
    const counted = card.inventory === null || path(answer, card.inventory) !== null;
    return word(`unit.${counted ? card.key : "places"}`);
  }

  // "重大 3 · 一般 20"; a level that nothing has is left out.
  function levels(card, answer) {
    const counts = path(answer, card.by_level ?? "") ?? {};
    return LEVELS.filter((level) => counts[level] > 0)
      .map((level) => `${word(`level.${level}`)} ${format(counts[level], "count")}`)
      .map((part) => part.replaceAll(" ", "\u00a0"))
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
    const of = element("span", {
      className: "base",
      text: base(card, unitOf(card, answer), numerator, denominator),
    });
    const more = levels(card, answer) || beside(card, answer);
    return element(
      "details",
      { className: `card card-${card.key} ${card.kind}` },
      element(
        "summary",
        { title: word("ui.formula") },
        element("span", { className: "label", text: word(`card.${card.key}`) }),
        element("span", { className: "value" }, shown, " ", of),
        element("span", { className: "more", text: more }),
      ),
      element("p", { className: "formula", text: word(`formula.${card.key}`) }),
    );
  }

  Guatu.cards = function (declared, answer) {
    const [lead, ...rest] = declared.map((card) => show(card, answer));
    lead.classList.add("lead");
    return [lead, ...rest];
  };

  // The way to the last day that the ledger knows; a page in a file has only its own day.
  function lastDay(day, page) {
    const address = new URL(page, location.href);
    address.search = location.search;
    address.searchParams.set("as_of", day);
    return element("a", { href: address, text: word("ui.last_day", { day }) });
  }

  Guatu.notices = function (answer, page) {
    const live = declaration.answer_url !== "";
    return answer.decisions
      .filter(({ code }) => declaration.notices.includes(code))
      .map(({ code, text }) => {
        const notice = element("p", { className: "notice", text });
        const late = code === "day_after_data";
        notice.classList.toggle("loud", !late || Guatu.isSilent(answer));
        if (late && live) notice.append(" ", lastDay(answer.data_until, page));
        return notice;
      });
  };
})(window.Guatu);
