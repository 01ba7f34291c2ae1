// The first rows of a file, with what each column seems to mean above it.
"use strict";

(function (Guatu) {
  const { declaration, element, word } = Guatu;

  const title = ({ name, title: own }) =>
    declaration.language === "zh" ? own : name.replaceAll("_", " ");

  function meaning({ heading, field }, fields, chosen) {
    const select = element("select");
    select.setAttribute("aria-label", word("import.means", { heading }));
    select.append(element("option", { value: "", text: word("import.unmapped") }));
    for (const one of fields) {
      const text = one.required ? `${title(one)} *` : title(one);
      select.append(element("option", { value: one.name, text, selected: one.name === field }));
    }
    select.classList.toggle("unmapped", field === null);
    select.addEventListener("change", () => chosen(heading, select.value || null));
    return select;
  }

  const cell = (text) =>
    text === null
      ? element("td", { className: "blank" })
      : element("td", { text, title: text.length > 24 ? text : "" });

  Guatu.previewTable = function ({ columns, fields, rows }, chosen) {
    const heads = columns.map((column) =>
      element(
        "th",
        { scope: "col" },
        meaning(column, fields, chosen),
        element("bdi", { text: column.heading }),
        column.remembered ? element("small", { text: word("import.remembered") }) : "",
      ),
    );
    const body = rows.map((row) => element("tr", {}, ...row.map(cell)));
    return element(
      "table",
      { className: "preview" },
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...body),
    );
  };

  // The whole mapping after the column `heading` was given `chosen`: a field has one heading, or none.
  Guatu.mappingWith = function ({ columns, fields }, heading, chosen) {
    const mapping = Object.fromEntries(fields.map(({ name }) => [name, null]));
    for (const column of columns)
      if (column.field !== null && column.heading !== heading) mapping[column.field] = column.heading;
    if (chosen !== null) mapping[chosen] = heading;
    return mapping;
  };
})(window.Guatu);
