// A ledger comes in: sent, previewed, checked, imported, taken back.
"use strict";

(function (Guatu) {
  const { declaration, element, word, format } = Guatu;
  const byId = (id) => document.getElementById(id);
  const send = byId("send");
  const asked = byId("asked");
  const UNDER_WAY = ["checking", "importing"];
  const PATIENCE_MS = 15000;

  let shown = null;

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  function alarm(text, good = false) {
    byId("alert").textContent = text;
    byId("alert").classList.toggle("good", good);
    byId("alert").hidden = text === "";
    if (text) byId("alert").scrollIntoView({ block: "nearest" });
  }

  // Does one thing at a time, and says what went wrong with it.
  async function attempt(act) {
    alarm("");
    document.body.setAttribute("aria-busy", "true");
    try {
      return await act();
    } catch (error) {
      byId("going").hidden = true;
      alarm(word("import.failed", { reason: error.message }));
      return null;
    } finally {
      document.body.removeAttribute("aria-busy");
    }
  }

  async function history() {
    await Guatu.showHistory((number) => attempt(() => open(number)), undo);
    await Guatu.showUnplaced();
  }

  function going(text, done = 0) {
    byId("going").hidden = text === "";
    byId("going-text").textContent = text;
    byId("going-bar").value = done;
  }

  function reveal(id) {
    byId("file-step").hidden = true;
    byId(id).hidden = false;
    byId(`${id}-title`).focus({ preventScroll: true });
    byId(id).scrollIntoView({ block: "start" });
  }

  function fillSheets({ sheet, sheets, heading_row: row }) {
    const { sheet: select, heading_row: input } = asked.elements;
    const options = sheets.map((name) =>
      element("option", { value: name, text: name, selected: name === sheet }),
    );
    select.replaceChildren(...options);
    byId("sheet-field").hidden = sheets.length < 2;
    byId("heading-field").hidden = row < 1;
    input.value = row || "";
  }

  function fillDatum(select, datum) {
    const value = datum ?? "";
    if (![...select.options].some((option) => option.value === value))
      select.append(element("option", { value, text: value }));
    select.value = value;
  }

  function showPreview(seen) {
    shown = seen;
    location.hash = seen.id;
    byId("preview-name").textContent = `${seen.file_name} · ${word(`kind.${seen.kind}`)}`;
    fillSheets(seen);
    fillDatum(asked.elements.datum, seen.datum);
    asked.elements.source.value = seen.source;
    byId("preview-warnings").replaceChildren(...Guatu.warnings(seen.warnings));
    byId("preview-table").replaceChildren(Guatu.previewTable(seen, remapped));
    byId("preview-count").textContent = word("import.previewed", {
      n: format(seen.n_rows, "count"),
      shown: format(seen.rows.length, "count"),
    });
    byId("report").hidden = true;
  }

  async function change(changes) {
    const seen = await attempt(() => Guatu.ask("PATCH", `/${shown.id}`, changes));
    showPreview(seen ?? shown);
  }

  async function remapped(heading, field) {
    const at = shown.columns.findIndex((column) => column.heading === heading);
    await change({ mapping: Guatu.mappingWith(shown, heading, field) });
    byId("preview-table").querySelectorAll("select")[at]?.focus();
  }

  function askedOtherwise({ target }) {
    if (!target.reportValidity()) return;
    const { name, value } = target;
    const changes = { [name]: target.type === "number" ? Number(value) || null : value || null };
    if (name === "sheet") changes.heading_row = null;
    if (name === "sheet" || name === "heading_row") changes.mapping = null;
    change(changes);
  }

  // Asks again until the worker is done.
  async function follow(number) {
    const begun = Date.now();
    for (let wait = 200; ; wait = Math.min(wait * 1.3, 2000)) {
      const state = await Guatu.ask("GET", `/${number}`);
      if (!UNDER_WAY.includes(state.state)) return state;
      const { step, done, total } = state.progress;
      const text = word(`import.step.${step ?? "waiting"}`);
      const late = step === null && Date.now() - begun > PATIENCE_MS;
      going(late ? word("import.slow") : word("import.progress", { step: text, done, total }), done);
      await pause(wait);
    }
  }

  async function work(act, wish) {
    const { id } = shown;
    const done = await attempt(async () => {
      byId("report").hidden = true;
      going(word("import.step.waiting"));
      await Guatu.ask("POST", `/${id}/${act}`, wish);
      const state = await follow(id);
      going("");
      await showReport(state, true);
      return state;
    });
    if (done) reveal("report");
    await history();
  }

  function button(text, className, act) {
    const made = element("button", { type: "button", className, text });
    made.addEventListener("click", act);
    return made;
  }

  function marked(number) {
    return element("a", {
      className: "download",
      href: `/api/v1/imports/${number}/marked.xlsx?lang=${declaration.language}`,
      download: "",
      text: word("import.marked"),
    });
  }

  const canImport = ({ state }) => state === "checked";

  function importActs(state) {
    const { report, kind } = state;
    const good = report.rows - report.refused;
    const count = (n) => format(n, "count");
    if (!report.refused)
      return [button(word("import.all", { n: count(good) }), "primary", () => take(false))];
    const text = word("import.good", { n: count(good), m: count(report.refused) });
    return good && kind !== "grids" ? [button(text, "primary", () => take(true))] : [];
  }

  const take = (good) => work("import", { accept_good: good });

  function verdict({ state, report, kind, duplicate_of: last }) {
    const n = format(report.refused ?? 0, "count");
    if (state === "failed" || (state === "refused" && !last && !report.refused))
      return word("import.failed", { reason: Guatu.told(report.message ?? "") });
    if (!report.refused) return "";
    if (state === "imported") return word("import.waiting", { n });
    return word(kind === "grids" ? "import.cells_refused" : "import.all_refused", { n });
  }

  function titleOf({ state }) {
    if (state === "checked") return word("import.result");
    if (state === "imported") return word("import.done");
    return `${word("import.came")} · ${word(`import.state.${state}`)}`;
  }

  async function showReport(state, kept) {
    const report = state.report ?? {};
    const told = verdict({ ...state, report });
    byId("report-title").textContent = titleOf(state);
    Guatu.showCounts(report);
    byId("verdict").textContent = told;
    byId("verdict").hidden = told === "";
    const acts = canImport(state) ? importActs(state) : [];
    if (kept && report.refused) acts.push(marked(state.id));
    if (state.state === "imported") acts.push(button(word("import.undo"), "quiet", () => undo(state)));
    if (!canImport(state)) acts.push(button(word("import.again"), "quiet", startAgain));
    byId("report-acts").replaceChildren(...acts);
    Guatu.showWarnings(report.warnings ?? []);
    await Guatu.showReasons(state.id);
    byId("preview").hidden = state.state === "imported" || state.state === "undone";
  }

  // The preview of a file that is still kept; nothing changes by asking so.
  async function openPreview(number) {
    try {
      showPreview(await Guatu.ask("PATCH", `/${number}`, {}));
      return true;
    } catch {
      byId("preview").hidden = true;
      return false;
    }
  }

  async function open(number) {
    let state = await Guatu.ask("GET", `/${number}`);
    const kept = await openPreview(number);
    location.hash = number;
    if (UNDER_WAY.includes(state.state)) state = await follow(number);
    going("");
    if (state.state === "previewed") return reveal("preview");
    byId("preview").hidden = false;
    await showReport(state, kept);
    if (!kept) byId("preview").hidden = true;
    return reveal("report");
  }

  async function undo({ id, file_name: name }) {
    if (!(await Guatu.confirmUndo(name))) return;
    const undone = await attempt(() => Guatu.ask("POST", `/${id}/undo`));
    if (!undone) return;
    startAgain();
    alarm(word("import.undone", undone), true);
    await history();
  }

  function startAgain() {
    for (const id of ["preview", "report"]) byId(id).hidden = true;
    byId("file-step").hidden = false;
    alarm("");
    send.reset();
    chooseKind();
    showFile();
    window.history.replaceState(null, "", location.pathname + location.search);
    byId("file").focus();
    window.scrollTo(0, 0);
  }

  async function upload(event) {
    event.preventDefault();
    if (!byId("file").files.length) {
      alarm(word("import.no_file"));
      return;
    }
    const form = new FormData(send);
    if (!form.get("datum")) form.delete("datum");
    if (!form.get("grid_name")) form.delete("grid_name");
    const seen = await attempt(async () => {
      going(word("import.sending"));
      const answer = await Guatu.ask("POST", "", form);
      going("");
      return answer;
    });
    if (seen) {
      showPreview(seen);
      reveal("preview");
    }
    await history();
  }

  function chooseKind() {
    const { kind } = send.elements;
    const fields = byId("grid-fields");
    fields.hidden = fields.disabled = kind.value !== "grids";
    const link = byId("template");
    link.href = `/api/v1/templates/${kind.value}.xlsx?lang=${declaration.language}`;
    link.textContent = word("import.template", { kind: word(`kind.${kind.value}`) });
  }

  function showFile() {
    const [file] = byId("file").files;
    byId("file-name").textContent = file ? file.name : word("import.drop");
    byId("drop").classList.toggle("chosen", Boolean(file));
  }

  function takeDrops(zone) {
    for (const name of ["dragover", "dragenter", "dragleave", "drop"])
      zone.addEventListener(name, (event) => {
        event.preventDefault();
        zone.classList.toggle("over", name === "dragover" || name === "dragenter");
        if (name === "drop" && event.dataTransfer.files.length) {
          byId("file").files = event.dataTransfer.files;
          showFile();
        }
      });
  }

  byId("city").textContent = declaration.city;
  document.title = `${declaration.city} · ${document.title}`;
  Guatu.keepQuery();
  chooseKind();
  showFile();
  takeDrops(byId("drop"));
  send.addEventListener("submit", upload);
  send.elements.kind.addEventListener("change", chooseKind);
  byId("file").addEventListener("change", showFile);
  asked.addEventListener("change", askedOtherwise);
  asked.addEventListener("submit", (event) => event.preventDefault());
  byId("check").addEventListener("click", () => work("check"));
  byId("again").addEventListener("click", startAgain);
  byId("language").addEventListener("click", ({ target }) => (target.hash = location.hash));
  const number = Number(location.hash.slice(1));
  Guatu.ready = attempt(async () => {
    await history();
    if (number > 0) await open(number);
  });
})(window.Guatu);
