// The answer behind a page: read it, and make ready what cards and maps take from it.
"use strict";

(function (Guatu) {
  const DAY_MS = 24 * 3600 * 1000;

  // What was asked for already is read once; whoever reads again hears of what was written since.
  function ask(url) {
    const early = window.early?.get(url);
    window.early?.delete(url);
    return early ?? fetch(url, { headers: { Accept: "application/json" } });
  }

  Guatu.read = async function (url) {
    const response = await ask(url);
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? answer.title ?? response.status);
    return answer;
  };

  // The rows come as one list a column, which is a third of the size.
  Guatu.readAnswer = (url) => Guatu.read(`${url}&format=columns`);

  // A row looks its figures up in the columns: to copy them takes longer than to draw them.
  function unpacked(rows) {
    if (Array.isArray(rows)) return rows;
    const AT = Symbol("at");
    class Row {
      constructor(at) {
        this[AT] = at;
      }
    }
    const columns = Object.entries(rows);
    for (const [name, values] of columns) {
      const get = function () {
        return values[this[AT]];
      };
      Object.defineProperty(Row.prototype, name, { get });
    }
    return columns[0][1].map((_, at) => new Row(at));
  }

  // Whether the whole window lies after the ledger's last day.
  Guatu.isSilent = function ({ as_of: day, window_days: days, data_until: last }) {
    return Boolean(last) && Date.parse(day) - Date.parse(last) >= days * DAY_MS;
  };

  // Where a ledger is silent a zero counts nothing: it is unknown.
  function heard(answer) {
    if (!Guatu.isSilent(answer)) return answer;
    return JSON.parse(JSON.stringify(answer, (_, value) => (value === 0 ? null : value)));
  }

  const plus = (a, b) => (a === null || b === null ? null : a + b);

  // Bases that the answer leaves to its reader.
  function counted({ totals, outside }, rows) {
    const notPlaced = plus(outside?.outside ?? null, outside?.without_position ?? null);
    return {
      with_units: rows.filter((row) => row.n_units > 0).length,
      surveyed: rows.filter((row) => row.n_lamps > 0).length,
      not_placed: notPlaced,
      found: plus(totals.n_hazards ?? null, notPlaced),
    };
  }

  // The answer with its rows, its rates by name, so that a path reaches them, and its bases.
  Guatu.prepare = function (answer) {
    const { cells, segments, ...known } = heard(answer);
    const rows = unpacked(cells ?? segments);
    const rates = Object.fromEntries((known.rates ?? []).map((rate) => [rate.name, rate]));
    return { ...known, rows, rates, counted: counted(known, rows) };
  };

  Guatu.path = (object, path) =>
    path.split(".").reduce((value, name) => value?.[name], object) ?? null;
})(window.Guatu);
