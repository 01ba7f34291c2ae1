// Words, numbers and elements. Every text reaches the page through textContent.
"use strict";

window.Guatu = {};

(function (Guatu) {
  Guatu.declaration = JSON.parse(document.getElementById("declaration").textContent);
  const { words, language } = Guatu.declaration;
  const locale = language === "zh" ? "zh-CN" : "en";
  const numbers = (least, most, style = "decimal") =>
    new Intl.NumberFormat(locale, {
      style,
      minimumFractionDigits: least,
      maximumFractionDigits: most,
    });
  const whole = numbers(0, 0);
  const atMostTenths = numbers(0, 1);
  const tenths = numbers(1, 1);
  const atMostHundredths = numbers(0, 2);
  const hundredths = numbers(2, 2);
  const share = numbers(1, 1, "percent");

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
      value >= 10000
        ? `${atMostTenths.format(value / 1000)}\u00a0km`
        : `${whole.format(value)}\u00a0m`,
    tenths: (value) => tenths.format(value),
    hundredths: (value) => hundredths.format(value),
    decimal: (value) => atMostHundredths.format(value),
    p: (value) => (value < 0.001 ? "< 0.001" : value.toFixed(3)),
    text: String,
    countdown: (days) => Guatu.word(days < 0 ? "ui.days_late" : "ui.days_left", { n: Math.abs(days) }),
    yes_no: (value) => Guatu.word(value ? "ui.yes" : "ui.no"),
  };

  // Unknown is a word of its own, never 0.
  Guatu.format = function (value, format, field) {
    if (value === null || value === undefined) return Guatu.word("ui.unknown");
    if (format === "word") return Guatu.named(field, value);
    return formats[format](value);
  };

  const longDay = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "long",
    timeZone: "UTC",
  });

  // 2019年8月31日, 31 August 2019: a day in the reader's language, whatever the browser's is.
  Guatu.longDay = (day) => longDay.format(Date.parse(day));

  Guatu.period = ({ as_of: day, window_days: n }) =>
    `${Guatu.word("ui.as_of_day", { day })} · ${Guatu.word("ui.days", { n })}`;

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

  // Links that keep what the reader chose carry the query of this page.
  Guatu.keepQuery = function () {
    for (const link of document.querySelectorAll("a[data-keep]")) link.search = location.search;
  };
})(window.Guatu);
