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

  // "+12", "−3.1 points": what a figure has gained since the earlier of two days.
  function gain(card, answer, before) {
    const of = (one) => {
      const numerator = path(one, card.numerator);
      if (card.denominator === null) return numerator;
      const denominator = path(one, card.denominator);
      if (!denominator || numerator === null) return null;
      return card.kind === "share" ? numerator / denominator : numerator;
    };
    const [was, is] = [of(before), of(answer)];
    if (was === null || is === null) return "";
    const sign = is > was ? "+" : is < was ? "−" : "±";
    const size = Math.abs(is - was);
    if (card.kind !== "share") return sign + format(size, card.format);
    return sign + word("ui.points", { n: format(100 * size, "tenths") });
  }

  function since(card, answer, before) {
    if (!before) return element("span", {});
    const [n, of] = [card.numerator, card.denominator ?? ""].map((at) => path(before, at));
    const was = word("ui.was", { day: before.as_of, value: value(card, n, of) });
    const change = element("b", { text: gain(card, answer, before) });
    return element("span", { className: "since", text: `${was}\u2002` }, change);
  }

  // How the figure is made: its formula, both of its numbers, and the way to its rows.
  function made(card, answer, numerator, denominator) {
    const lines = [element("p", { text: word(`formula.${card.key}`) })];
    const of = (key, n) => lines.push(element("p", { text: word(key, { n: format(n, "count") }) }));
    if (card.denominator !== null) {
      of("ui.numerator", numerator);
      of("ui.denominator", denominator);
    }
    const rows = Guatu.rowsButton?.(card, answer);
    return rows ? [...lines, rows] : lines;
  }

  function show(card, answer, before) {
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
        since(card, answer, before),
      ),
      element("div", { className: "formula" }, ...made(card, answer, numerator, denominator)),
    );
  }

  // `before`: the answer of an earlier day, to be compared with.
  Guatu.cards = function (declared, answer, before = null) {
    const [lead, ...rest] = declared.map((card) => show(card, answer, before));
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
