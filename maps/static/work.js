// The work item on what was clicked: how it stands, what was done, and what may be done next.
"use strict";

(function (Guatu) {
  const { declaration, element, format, named, word } = Guatu;
  const ROOT = "/api/v1/rectifications";
  const LAST = 5; // events in sight, the others behind a fold
  const FACTS = [
    "lead_party",
    "helping_party",
    "person",
    "due_on",
    "measure",
    "money_yuan",
    "contingency",
    "handover_batch",
    "cause",
    "escalation",
    "exempt_reason",
    "exempt_confirmed_by_city",
    "exempt_confirmed_by_builder",
    "rechecked_by",
  ];
  const ENDED = new Set(["closed", "exempt", "transferred"]);
  const CHOSEN = new Set(["cause", "escalation"]);

  let asked = 0;
  let news = ""; // what was just done, to be said once the panel stands again

  function told(record, name) {
    if (record[name] === null) return "";
    if (name === "rechecked_by" && record.recheck_verified === false)
      return word("work.unverified", { name: record.rechecked_by });
    if (CHOSEN.has(name)) return named(name, record[name]);
    return record[`${name}_name`] ?? record[name];
  }

  function facts(record) {
    const rows = FACTS.map((name) => [name, told(record, name)]).filter(([, text]) => text !== "");
    const row = ([name, text]) =>
      element(
        "tr",
        {},
        element("th", { scope: "row", text: Guatu.wordOfField(name) }),
        element("td", { text }),
      );
    return element("table", { className: "facts" }, element("tbody", {}, ...rows.map(row)));
  }

  function standing(record) {
    const state = element("strong", { text: named("item", record.state) });
    const line = element("p", { className: "standing" }, state);
    if (record.days_left === null) return line;
    const left = element("span", { text: format(record.days_left, "countdown") });
    left.className = record.days_left < 0 ? "late" : "left-days";
    line.append(left);
    return line;
  }

  function moment(text, timeZone) {
    const clock = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone });
    return clock.format(Date.parse(text));
  }

  function eventLine({ action, after, actor, evidence, happened_at: at }, { timezone }) {
    const files = (evidence?.files ?? []).map(({ file_name: name, note }) => `${name} (${note})`);
    const said = [after.reason, ...files].filter(Boolean).join(" · ");
    return element(
      "li",
      {},
      element("span", { className: "when", text: moment(after.at ?? at, timezone) }),
      element("b", { text: named("act", action) }),
      element("span", { text: after.by ?? actor }),
      ...(said ? [element("p", { text: said })] : []),
    );
  }

  // What was done, the last first.
  function history(record) {
    const lines = record.events.map((event) => eventLine(event, record)).reverse();
    const heading = element("h4", { text: word("work.history", { n: lines.length }) });
    const parts = [heading, element("ol", {}, ...lines.slice(0, LAST))];
    if (lines.length > LAST) {
      const summary = element("summary", { text: word("work.earlier_events") });
      parts.push(element("details", {}, summary, element("ol", {}, ...lines.slice(LAST))));
    }
    return element("div", { className: "history" }, ...parts);
  }

  // Why a step cannot be taken: what is so about the item, or the states it is for.
  function forbidden({ steps, other_steps: others, state }) {
    const line = (action, why) =>
      element("li", {}, element("b", { text: named("act", action) }), " ", why);
    const blocked = steps
      .filter((step) => step.blocked.length)
      .map(({ action, blocked: why }) =>
        line(action, why.map(({ field, text }) => `${Guatu.wordOfField(field)}：${text}`).join(" ")),
      );
    const elsewhere = others
      .filter(({ sources }) => !sources.includes(state))
      .map(({ action, sources }) => {
        const states = sources.map((one) => named("item", one)).join("、");
        return line(action, word("work.only_in", { states }));
      });
    const summary = element("summary", { text: word("work.not_now") });
    return element("details", { className: "not-now" }, summary, element("ul", {}, ...blocked, ...elsewhere));
  }

  function acts(record, thing, hear) {
    const possible = record.steps.filter(({ blocked }) => !blocked.length);
    const folds = possible.map((step) => Guatu.stepFold(step, record, hear));
    if (ENDED.has(record.state)) folds.push(Guatu.findFold(thing.about, thing.id, record.today, hear));
    const heading = element("h4", { text: word("work.acts") });
    return element("div", { className: "acts" }, heading, ...folds, forbidden(record));
  }

  // On the day that the page shows the item says what the figures would say again.
  function hideFigures(panel, { today }) {
    const own = declaration.declared.figures.filter(({ only_with: other }) => other === "work");
    const labels = new Set(own.map(({ field }) => word(`field.${field}`)));
    for (const label of panel.querySelectorAll("dt")) {
      const isTold = today === declaration.as_of && labels.has(label.textContent);
      label.hidden = isTold;
      label.nextElementSibling.hidden = isTold;
    }
  }

  function status() {
    const line = element("p", { className: "said", role: "status", text: news, tabIndex: -1 });
    line.hidden = news === "";
    return line;
  }

  function heading(today) {
    const by = element("span", { className: "by", text: word("work.as_of", { day: today }) });
    return element("h3", { text: word("work.heading") }, by);
  }

  function others(box, thing, item, items) {
    const link = (one) =>
      element("button", {
        type: "button",
        className: "more",
        text: word("work.item", { n: one }),
        onclick: () => show(box, thing, one, items),
      });
    const left = items.filter((one) => one !== item);
    if (!left.length) return [];
    return [element("p", { className: "others", text: word("work.others") }, ...left.map(link))];
  }

  // After an act the page follows the store, which makes the panel anew.
  function hearing(thing) {
    const again = async (text) => {
      news = text;
      await Guatu.catchUp();
      if (document.getElementById("panel").hidden) thing.reopen();
      else if (thing.isShown()) await thing.refresh();
      await Guatu.workRead;
    };
    return {
      done: ({ state }) => again(word("work.done", { state: named("item", state) })),
      overtaken: () => again(word("work.overtaken")),
    };
  }

  async function show(box, thing, item, items) {
    const record = await Guatu.read(`${ROOT}/items/${item}?lang=${declaration.language}`);
    if (!box.isConnected) return;
    hideFigures(box.parentElement, record);
    box.replaceChildren(
      heading(record.today),
      status(),
      standing(record),
      facts(record),
      acts(record, thing, hearing(thing)),
      history(record),
      ...others(box, thing, item, items),
    );
  }

  async function showNone(box, thing) {
    const { as_of: today } = await Guatu.read("/api/v1/state");
    const fold = Guatu.findFold(thing.about, thing.id, today, hearing(thing));
    box.replaceChildren(
      heading(today),
      status(),
      element("p", { className: "note", text: word("work.none") }),
      element("div", { className: "acts" }, fold),
    );
  }

  async function fill(box, { about, code, id, reopen }) {
    const mine = ++asked;
    const query = new URLSearchParams({ code });
    const { things } = await Guatu.read(`${ROOT}/on/${about}?${query}`);
    if (mine !== asked || !things.length) return;
    const found = things.find(({ thing }) => thing === id) ?? things[0];
    const refresh = () => fill(box, { about, code, id, reopen });
    const thing = { about, id: found.thing, reopen, refresh, isShown: () => box.isConnected };
    const [latest] = found.items;
    if (latest === undefined) await showNone(box, thing);
    else await show(box, thing, latest, found.items);
    if (news) box.querySelector(".said").focus({ preventScroll: true });
    news = "";
  }

  // Show the work on a hazard or a segment in the open panel; a file on a disk has no service.
  Guatu.openWork = function (panel, thing) {
    if (declaration.answer_url === "") return;
    const box = element("section", { className: "work" });
    box.setAttribute("aria-live", "off");
    box.setAttribute("aria-label", word("work.heading"));
    panel.querySelector("dl").before(box);
    Guatu.workRead = fill(box, thing).catch(({ message }) => {
      box.replaceChildren(element("p", { className: "note", text: word("ui.failed", { reason: message }) }));
    });
  };
})(window.Guatu);
