// The days that a file carries with it: their answers, unpacked when the page opens.
"use strict";

(function (Guatu) {
  const { data } = Guatu.declaration;

  let unpacking = null;

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(plain).json();
  }

  // A figure has one value for all days, or one a day.
  const on = (value, day) => (Array.isArray(value) ? value[day] : value);

  function answerOf({ days, rows_name: name, rows, bodies }, day) {
    const number = days.indexOf(day);
    if (number < 0) return data.answer;
    const there = rows.filter((row) => on(row.there, number));
    const figures = there.map((row) =>
      Object.fromEntries(Object.entries(row).map(([field, value]) => [field, on(value, number)])),
    );
    return { ...bodies[number], [name]: figures };
  }

  // The answer of a day in a file; null on a page that a service answers.
  Guatu.keptAnswer = async function (day) {
    if (!data) return null;
    if (!data.days || day === data.answer.as_of) return data.answer;
    unpacking ??= unpack(data.days);
    return answerOf(await unpacking, day);
  };
})(window.Guatu);
