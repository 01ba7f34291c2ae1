// Earlier imports, each to be looked at again or taken back.
"use strict";

(function (Guatu) {
  const { declaration, element, word, format, labelled } = Guatu;
  const byId = (id) => document.getElementById(id);
  const locale = declaration.language === "zh" ? "zh-CN" : "en-GB";
  const moments = new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: declaration.timezone,
  });
  const SHOWN = ["new", "changed", "same", "duplicate", "refused"];

  const counts = (report) =>
    SHOWN.filter((name) => report?.[name])
      .map((name) => `${word(`import.${name}`)}\u00a0${format(report[name], "count")}`)
      .join(" · ");

  function button(key, className, name, act) {
    const made = element("button", { type: "button", className, text: word(key) });
    made.setAttribute("aria-label", `${word(key)} ${name}`);
    made.addEventListener("click", act);
    return made;
  }

  Guatu.confirmUndo = function (name) {
    const dialog = byId("undo");
    byId("undo-what").textContent = name;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((answer) =>
      dialog.addEventListener("close", () => answer(dialog.returnValue === "undo"), { once: true }),
    );
  };

  function acts(batch, open, undo) {
    const name = batch.file_name;
    const made = [button("import.open", "link", name, () => open(batch.id))];
    if (batch.state === "imported")
      made.push(
        button("import.undo", "link danger", name, () => undo(batch)),
      );
    return element("span", { className: "acts" }, ...made);
  }

  function historyRow(batch, open, undo) {
    const state = element("span", {
      className: `state ${batch.state}`,
      text: word(`import.state.${batch.state}`),
    });
    const row = element(
      "tr",
      {},
      labelled("import.when", moments.format(new Date(batch.received_at)), { className: "when" }),
      labelled("import.name", element("bdi", { text: batch.file_name }), { className: "name" }),
      labelled("import.kind", word(`kind.${batch.kind}`)),
      labelled("import.source", element("bdi", { text: batch.source })),
      labelled("import.state", state),
      labelled("import.counts", counts(batch.report)),
      labelled("import.act", acts(batch, open, undo)),
    );
    row.dataset.batch = batch.id;
    return row;
  }

  Guatu.showHistory = async function (open, undo) {
    const { items } = await Guatu.ask("GET", "?limit=20");
    const keys = ["when", "name", "kind", "source", "state", "counts", "act"];
    const rows = items.map((batch) => historyRow(batch, open, undo));
    byId("history").replaceChildren(
      rows.length
        ? Guatu.listTable("list history", keys.map((key) => `import.${key}`), rows)
        : element("p", { className: "note", text: word("import.none") }),
    );
  };
})(window.Guatu);
