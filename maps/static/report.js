// What a check or an import found: counts, warnings, and every refused cell with its reason.
"use strict";

(function (Guatu) {
  const { element, word, format } = Guatu;
  const COUNTS = ["new", "changed", "same", "duplicate", "refused"];
  const BESIDE = ["without_position", "outside"];
  const A_PAGE = 50;
  const byId = (id) => document.getElementById(id);

  Guatu.warnings = (warnings) =>
    warnings.map(({ code, message }) =>
      element("p", {
        className: code === "headings" || code === "shifted" ? "notice loud" : "notice",
        text: Guatu.told(message),
      }),
    );

  Guatu.showWarnings = function (warnings) {
    const head = element("h3", { text: word("import.warnings") });
    byId("warnings").replaceChildren(...(warnings.length ? [head] : []), ...Guatu.warnings(warnings));
  };

  Guatu.showCounts = function (report) {
    const counts = COUNTS.map((name) =>
      element(
        "div",
        { className: report[name] ? name : `${name} zero` },
        element("dt", { text: word(`import.${name}`) }),
        element("dd", { text: format(report[name] ?? 0, "count") }),
      ),
    );
    byId("counts").replaceChildren(...counts);
    byId("beside").textContent = BESIDE.filter((name) => report[name])
      .map((name) => {
        const n = format(report[name], "count");
        return word("import.beside", { name: word(`import.${name}`), n });
      })
      .join(" · ");
  };

  function labelled(key, content, properties = {}) {
    const cell = element("td", properties, content);
    cell.dataset.label = word(key);
    return cell;
  }

  function reasonRow({ row, field, heading, value, reason }) {
    const blank = value === null || value === "";
    const column = heading ?? field ?? word("import.whole_row");
    return element(
      "tr",
      {},
      labelled("import.row", String(row), { className: "n" }),
      labelled("import.field", element("bdi", { text: column })),
      labelled("import.value", element("bdi", { text: blank ? word("import.blank") : value }), {
        className: blank ? "value blank" : "value",
      }),
      labelled("import.reason", Guatu.told(reason), { className: "reason" }),
    );
  }

  function heads(keys) {
    const row = keys.map((key) => element("th", { scope: "col", text: word(key) }));
    return element("thead", {}, element("tr", {}, ...row));
  }

  Guatu.listTable = (className, keys, rows) =>
    element("table", { className }, heads(keys), element("tbody", {}, ...rows));

  Guatu.labelled = labelled;

  // The reasons page by page; the table grows as its reader asks for more.
  Guatu.showReasons = async function (number) {
    const box = byId("reasons");
    const keys = ["import.row", "import.field", "import.value", "import.reason"];
    let page = await Guatu.ask("GET", `/${number}/errors?limit=${A_PAGE}`);
    if (!page.items.length) return box.replaceChildren();
    const table = Guatu.listTable("list reasons", keys, page.items.map(reasonRow));
    const more = element("button", {
      type: "button",
      className: "more",
      text: word("import.more"),
      hidden: !page.next,
    });
    more.addEventListener("click", async () => {
      const after = page.items.at(-1).id;
      page = await Guatu.ask("GET", `/${number}/errors?limit=${A_PAGE}&after=${after}`);
      table.tBodies[0].append(...page.items.map(reasonRow));
      more.hidden = !page.next;
    });
    box.replaceChildren(element("h3", { text: word("import.reasons") }), table, more);
  };
})(window.Guatu);
