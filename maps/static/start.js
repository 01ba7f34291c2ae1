// The start page: the headline figures of each subject, read from the same answers as the maps.
"use strict";

(function (Guatu) {
  const { declaration, word } = Guatu;

  async function fill(box) {
    const { subject } = box.dataset;
    const url = declaration.answer_urls[subject];
    if (!url) {
      box.textContent = word("ui.no_grid");
      return;
    }
    box.textContent = word("ui.loading");
    try {
      const answer = Guatu.prepare(await Guatu.readAnswer(url));
      const notices = Guatu.notices(answer, `/maps/${subject}`);
      box.replaceChildren(...notices, ...Guatu.cards(declaration.cards[subject], answer));
    } catch (error) {
      box.textContent = word("ui.failed", { reason: error.message });
    }
  }

  document.getElementById("city").textContent = declaration.city;
  document.getElementById("attribution").textContent = declaration.attribution ?? "";
  document.getElementById("stamp").textContent = word("ui.as_of_day", { day: declaration.as_of });
  document.title = `${declaration.city} · ${document.title}`;
  Guatu.keepQuery();
  Guatu.ready = Promise.all([...document.querySelectorAll(".figures")].map(fill));
})(window.Guatu);
