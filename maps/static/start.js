// The start page: the headline figures of each subject, read from the same answers as the maps.
"use strict";

(function (Guatu) {
  const { declaration, element, word } = Guatu;

  async function fill(box) {
    const { subject } = box.dataset;
    const url = declaration.answer_urls[subject];
    if (!url) return;
    box.textContent = word("ui.loading");
    try {
      const answer = await Guatu.read(url);
      const rows = answer.cells ?? answer.segments;
      const figures = { ...answer, rates: Guatu.byName(answer.rates) };
      figures.counted = Guatu.counted(answer, rows);
      Guatu.showCards(declaration.cards[subject], figures, box);
    } catch (error) {
      box.textContent = word("ui.failed", { reason: error.message });
    }
  }

  document.getElementById("city").textContent = declaration.city;
  document.getElementById("attribution").textContent = declaration.attribution ?? "";
  document.getElementById("stamp").textContent = word("ui.as_of_day", { day: declaration.as_of });
  Guatu.keepQuery();
  Guatu.ready = Promise.all([...document.querySelectorAll(".figures")].map(fill));
})(window.Guatu);
