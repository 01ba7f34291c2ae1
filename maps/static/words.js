// Words, numbers and elements. Every text reaches the page through textContent.
"use strict";

window.Guatu = {};

(function (Guatu) {
  Guatu.declaration = JSON.parse(document.getElementById("declaration").textContent);
  const { words, language } = Guatu.declaration;
  const locale = language === "zh" ? "zh-CN" : "en";
  const round = (digits) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
  const whole = round(0);
  const tenths = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const share = new Intl.NumberFormat(locale, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });

  Guatu.word = function (key, values = {}) {
    const template = words[key];
    if (template === undefined) throw new Error(`no wording for ${key}`);
    return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };

  // The wording of a value from a fixed list; a value outside the list is shown as it is.
  Guatu.named = (list, value) => words[`${list}.${value}`] ?? String(value);

  const formats = {
    count: (value) => whole.format(value),
    share: (value) => share.format(value),
    metres: (value) =>
      value >= 10000 ? `${round(1).format(value / 1000)} km` : `${whole.format(value)} m`,
    z: (value) => value.toFixed(2),
    tenths: (value) => tenths.format(value),
    decimal: (value) => round(2).format(value),
    p: (value) => (value < 0.001 ? "< 0.001" : value.toFixed(3)),
    text: (value) => String(value),
    yes_no: (value) => Guatu.word(value ? "ui.yes" : "ui.no"),
  };

  // Unknown is a word of its own, never 0.
  Guatu.format = function (value, format, field) {
    if (value === null || value === undefined) return Guatu.word("ui.unknown");
    if (format === "word") return Guatu.named(field, value);
    return formats[format](value);
  };

  Guatu.element = function (tag, { text, ...properties } = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    if (text !== undefined) element.textContent = text;
    element.append(...children);
    return element;
  };

  Guatu.swatch = function (color, { hatched = false, shape = "square" } = {}) {
    const element = Guatu.element("span", { className: `swatch ${shape}` });
    element.classList.toggle("hatched", hatched);
    element.style.backgroundColor = color;
    return element;
  };

  Guatu.path = (object, path) =>
    path.split(".").reduce((value, name) => value?.[name], object) ?? null;

  Guatu.read = async function (url) {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? answer.title ?? response.status);
    return answer;
  };

  // Rates are a list in the answer; by name they can be reached by a path.
  Guatu.byName = (rates) => Object.fromEntries((rates ?? []).map((rate) => [rate.name, rate]));

  // Links that keep what the reader chose carry the query of this page.
  Guatu.keepQuery = function () {
    for (const link of document.querySelectorAll("a[data-keep]")) link.search = location.search;
  };
})(window.Guatu);
