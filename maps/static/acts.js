// What may be done about a work item: a form for each step, sent to the service, whose refusals
// stand beside the fields they are about.
"use strict";

(function (Guatu) {
  const { declaration, element, named, word } = Guatu;
  const ROOT = "/api/v1/rectifications";
  const MORE = new Set([
    "leader",
    "listed_by",
    "listed_until",
    "kind",
    "document_number",
    "fine_yuan",
    "issued_on",
  ]);
  const LONG = new Set(["reason", "measure", "contingency", "exempt_reason"]);
  const DAYS = new Set(["due_on", "listed_until", "issued_on", "on"]);
  const AMOUNTS = new Set(["money_yuan", "fine_yuan"]);

  let number = 0; // of the form, so that its labels find their fields
  let actor = ""; // who acted last: one person often takes several steps

  function chosen(name, choices) {
    const blank = element("option", { value: "", text: "" });
    const options = choices.map((value) => element("option", { value, text: named(name, value) }));
    return element("select", {}, blank, ...options);
  }

  function input(name, record) {
    if (record.choices[name]) return chosen(name, record.choices[name]);
    if (LONG.has(name)) return element("textarea", { rows: 2 });
    if (DAYS.has(name)) return element("input", { type: "date" });
    if (AMOUNTS.has(name)) return element("input", { type: "text", inputMode: "decimal" });
    return element("input", { type: "text", autocomplete: "off" });
  }

  // The browser writes a day in its own language.
  function dayInWords(input) {
    const said = element("span", { className: "said-day" });
    const say = () => (said.textContent = input.value && Guatu.longDay(input.value));
    input.addEventListener("input", say);
    say();
    return said;
  }

  // A field with its name, and room for what is refused.
  function field(name, made, { id, needed = false, value = "" }) {
    Object.assign(made, { name, id: `${id}-${name}`, value });
    made.setAttribute("aria-describedby", `${made.id}-refused`);
    if (needed) made.setAttribute("aria-required", "true");
    const label = element("label", { htmlFor: made.id, text: word(`give.${name}`) });
    if (needed) label.append(" ", element("span", { className: "needed", text: word("work.needed") }));
    if (made.type === "date") label.append(dayInWords(made));
    const refused = element("p", { className: "refused", id: `${made.id}-refused` });
    return element("div", { className: "field" }, label, made, refused);
  }

  // Room below a field for what is to be known of it.
  function explained(made) {
    const note = element("p", { className: "note", id: `${made.id}-note` });
    made.parentElement.append(note);
    made.setAttribute("aria-describedby", `${made.id}-refused ${note.id}`);
    return note;
  }

  // A day so many days after another, both as texts.
  function daysAfter(day, days) {
    const moment = new Date(`${day}T00:00:00Z`);
    moment.setUTCDate(moment.getUTCDate() + days);
    return moment.toISOString().slice(0, 10);
  }

  // By when it is due where nobody says so: by the rule for its cause, from the day it is done on.
  function sayRule(form, { due }, record) {
    const { due_on: made, on, cause } = form.elements;
    const note = explained(made);
    const say = () => {
      const other = cause && cause.value !== (record.cause ?? "");
      const day = Guatu.longDay(daysAfter(on.value || record.today, due.days));
      note.textContent = other
        ? word("work.due_by_cause")
        : word("work.due_by_rule", { day, days: due.days, who: due.said_by });
    };
    form.addEventListener("input", say);
    say();
  }

  function keep(form, name) {
    const made = form.elements[name];
    made.readOnly = true;
    explained(made).textContent = word("work.due_stays");
  }

  // A file stays where it is: its name, its hash and a note are the evidence.
  function evidence(options) {
    const file = field("evidence", element("input", { type: "file" }), { ...options, value: "" });
    const note = field("note", element("input", { type: "text" }), { id: options.id });
    file.append(element("p", { className: "note", text: word("work.file_stays") }));
    return [file, note];
  }

  async function hash(file) {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function shown({ evidence: files, note }) {
    const [file] = files?.files ?? [];
    if (!file && !note?.value) return [];
    const sha256 = file ? await hash(file) : "";
    return [{ file_name: file?.name ?? "", sha256, note: note.value }];
  }

  // Only what was changed is brought along.
  async function brought(form, step, record) {
    const { elements } = form;
    const told = { columns: {}, more: {}, evidence: await shown(elements) };
    for (const name of step.takes) {
      const value = elements[name]?.value.trim() ?? "";
      if (name === "evidence" || value === "" || value === (record[name] ?? "")) continue;
      if (name === "reason") told.reason = value;
      else told[MORE.has(name) ? "more" : "columns"][name] = value;
    }
    return told;
  }

  const fieldOf = ({ field: name, loc = [] }) =>
    name ?? (loc.includes("evidence") ? "evidence" : loc.at(-1));

  function showRefusals(form, { errors = [], detail }) {
    form.querySelectorAll(".refused").forEach((line) => (line.textContent = ""));
    form.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
    const homeless = errors.length ? [] : [detail];
    let first = null;
    for (const error of errors) {
      const name = fieldOf(error) === "at" ? "on" : fieldOf(error);
      const said = error.text ?? error.message;
      const made = form.elements[name];
      if (!made) {
        homeless.push(`${words(name)}：${said}`);
        continue;
      }
      document.getElementById(`${made.id}-refused`).textContent = said;
      made.setAttribute("aria-invalid", "true");
      made.closest("details.rest")?.setAttribute("open", "");
      first ??= made;
    }
    form.querySelector("[role=alert]").textContent = homeless.join(" ");
    first?.focus();
  }

  const words = (name) => declaration.words[`give.${name}`] ?? Guatu.named("field", name);

  Guatu.wordOfField = words;

  async function send(path, body) {
    const response = await fetch(`${ROOT}/${path}?lang=${declaration.language}`, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, ok: response.ok, answer: await response.json() };
  }

  // `done` hears of what was done, and `overtaken` of what somebody else was faster with.
  function submitting(form, make, { done, overtaken }) {
    const button = form.querySelector("[type=submit]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) return undefined;
      actor = form.elements.by.value.trim();
      button.disabled = true;
      try {
        const { path, body } = await make();
        const { status, ok, answer } = await send(path, body);
        if (ok) return await done(answer);
        if (status === 409) return await overtaken();
        return showRefusals(form, answer);
      } catch (error) {
        return showRefusals(form, { detail: word("ui.failed", { reason: error.message }) });
      } finally {
        button.disabled = false;
      }
    });
  }

  function shell(action, id, fields, rest = []) {
    const more = element("details", { className: "rest" });
    more.append(element("summary", { text: word("work.more_fields") }), ...rest);
    return element(
      "form",
      { className: "act", noValidate: true },
      ...fields,
      ...(rest.length ? [more] : []),
      element("p", { role: "alert", className: "refused" }),
      element("button", { type: "submit", text: word(`act.${action}`) }),
    );
  }

  const who = (id, { today }, needed) => [
    field("by", element("input", { type: "text", autocomplete: "name" }), { id, needed, value: actor }),
    field("on", element("input", { type: "date" }), { id, value: today }),
  ];

  // The form of one step: what it needs stands first, what else it takes behind a fold.
  function formOf(step, record, hear) {
    const id = `act-${++number}`;
    const needs = new Set(step.needs);
    const made = (name) =>
      name === "evidence"
        ? evidence({ id, needed: needs.has(name) })
        : [field(name, input(name, record), { id, needed: needs.has(name), value: record[name] ?? "" })];
    const first = step.takes.filter((name) => needs.has(name) || step.takes.length < 4);
    const rest = step.takes.filter((name) => !first.includes(name));
    const fields = [...who(id, record, needs.has("by")), ...first.flatMap(made)];
    const form = shell(step.action, id, fields, rest.flatMap(made));
    step.fixed.forEach((name) => keep(form, name));
    if (step.due) sayRule(form, step, record);
    const make = async () => {
      const { by, on } = form.elements;
      const seen = { state: record.state, version: record.version };
      const said = { by: by.value.trim() || null, on: on.value || null };
      const body = { ...seen, ...said, ...(await brought(form, step, record)) };
      return { path: `items/${record.id}/${step.action}`, body };
    };
    submitting(form, make, hear);
    return form;
  }

  // A fold whose form is made when it is opened.
  function fold(title, leadsTo, make) {
    const leads = leadsTo ? word("work.leads_to", { state: named("item", leadsTo) }) : "";
    const summary = element("summary", { text: title }, element("small", { text: leads }));
    const box = element("details", { className: "step" }, summary);
    box.addEventListener("toggle", () => box.open && box.children.length === 1 && box.append(make()));
    return box;
  }

  Guatu.stepFold = (step, record, hear) =>
    fold(word(`act.${step.action}`), step.leads_to, () => formOf(step, record, hear));

  // The form that makes a hazard or a segment somebody's work.
  Guatu.findFold = function (about, thing, today, hear) {
    return fold(word("work.find"), "found", () => {
      const id = `act-${++number}`;
      const form = shell("find", id, who(id, { today }, true));
      const make = () => {
        const { by, on } = form.elements;
        return { path: "items", body: { about, thing, by: by.value.trim(), on: on.value || null } };
      };
      submitting(form, make, hear);
      return form;
    });
  };
})(window.Guatu);
