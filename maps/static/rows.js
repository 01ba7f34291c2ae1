// From a figure to the rows it counts: a table in place of the ranking, and a file to take away.
"use strict";

(function (Guatu) {
  const PAGE = 50;
  const HIDDEN = new Set(["id", "n"]);
  const { declaration, element, format, word } = Guatu;
  const { subject } = declaration;
  const rowsUrl = (card, more) => {
    const { grid, as_of, window_days: window } = declaration;
    const asked = { ...(grid && { grid }), as_of, window, ...declaration.chosen, ...more };
    const query = new URLSearchParams(asked);
    return `/api/v1/figures/${subject}/${card.key}?${query}`;
  };

  const shown = (field, value) =>
    value === null ? "" : typeof value === "number" ? format(value, "decimal") : Guatu.named(field, value);

  function line(columns, item) {
    const cells = columns.map((field) => element("td", { text: shown(field, item[field]) }));
    return element("tr", {}, ...cells, element("td", { text: format(item.n, "count") }));
  }

  function table(items) {
    const columns = Object.keys(items[0] ?? { code: "" }).filter((name) => !HIDDEN.has(name));
    const heads = [...columns, "n_here"].map((field) =>
      element("th", { scope: "col", text: word(`field.${field}`) }),
    );
    const body = element("tbody", {}, ...items.map((item) => line(columns, item)));
    const made = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body);
    return { made, add: (more) => body.append(...more.map((item) => line(columns, item))) };
  }

  function openTable(card, { n, n_rows: all, items, next }, file) {
    const { made, add } = table(items);
    const sum = { rows: format(all, "count"), n: format(n, "count") };
    const parts = [element("p", { className: "sum", text: word("ui.rows_sum", sum) })];
    if (file) parts.push(element("a", { ...file, text: word("ui.rows_table") }));
    const more = element("button", { type: "button", className: "more" });
    let following = next;
    let left = all - items.length;
    const update = () => {
      more.hidden = left <= 0;
      more.textContent = word("ui.more_rows", { n: format(Math.min(PAGE, left), "count") });
    };
    more.addEventListener("click", async () => {
      const page = await Guatu.read(following);
      add(page.items);
      following = page.next;
      left -= page.items.length;
      update();
    });
    update();
    Guatu.openPart(word(`card.${card.key}`), [element("div", { className: "rows" }, ...parts, made, more)]);
  }

  async function openLedger(card) {
    const page = await Guatu.read(rowsUrl(card, { limit: PAGE }));
    const file = {
      href: rowsUrl(card, { format: "csv" }),
      download: `${card.key}-${declaration.as_of}.csv`,
    };
    openTable(card, page, file);
  }

  // Rows of the answer itself are all here.
  function openOwn(card, rows) {
    const counted = rows.filter((row) => Guatu.keeps(card.rows, row));
    const items = counted.map((row) => ({
      code: row.code,
      name: row.name ?? "",
      n: card.amount === null ? 1 : row[card.amount],
    }));
    const n = items.reduce((sum, item) => sum + item.n, 0);
    openTable(card, { n, n_rows: items.length, items, next: null }, null);
  }

  Guatu.rowsButton = function (card, answer) {
    const named = declaration.grid !== null || subject === "streetlights";
    const isLedger = card.ledger && declaration.answer_url !== "" && named;
    if (!declaration.declared || (!isLedger && !card.rows.length && !answer[card.rows_in])) return null;
    const open = () => (isLedger ? openLedger(card) : openOwn(card, answer[card.rows_in] ?? answer.rows));
    return element("button", { type: "button", text: word("ui.rows"), onclick: open });
  };
})(window.Guatu);
