// One map page: read the answer, classify its rows, paint, and follow the reader's clicks.
"use strict";

(function (Guatu) {
  const { declaration, element, word } = Guatu;
  const { declared } = declaration;
  const byId = (id) => document.getElementById(id);
  const map = window.map_guatu;

  let rows = [];
  let rowOf = new Map();
  let decisions = new Set();
  let sorted = null;
  let viewed = null; // the view that colors the map
  let opened = null; // code of the row whose figures are shown

  function tell(message) {
    byId("message").textContent = message;
    byId("message").hidden = message === "";
  }

  function close() {
    opened = null;
    Guatu.closePanel();
    Guatu.choose(null);
  }

  function openRow(row, options) {
    opened = row.code;
    Guatu.choose(row.code, options);
    Guatu.openRow(row, sorted.classOf.get(row.code), close);
  }

  function showView(view) {
    viewed = view;
    sorted = Guatu.classify(view, rows, decisions);
    Guatu.showViews(declared.views, view, showView);
    Guatu.showLegend(view, sorted);
    Guatu.showRanking(view, rows, sorted.classOf, (row) => openRow(row, { fly: true }));
    Guatu.paint(sorted);
  }

  // Without a survey of the lamps every status is unknown: the density says more.
  function firstView() {
    const [first, second] = declared.views;
    const surveyed = rows.some((row) => row.n_lamps !== null);
    return declared.rows === "segments" && rows.length && !surveyed ? second : first;
  }

  function showMethod(answer) {
    const log = element("ul", {}, ...answer.decisions.map(({ text }) => element("li", { text })));
    byId("method").replaceChildren(element("p", { text: answer.definition }), log);
  }

  function showStamp(answer) {
    byId("period").textContent = Guatu.period(answer);
    const parts = [];
    if (answer.data_until) parts.push(word("ui.data_until", { day: answer.data_until }));
    parts.push(word("ui.revision", { n: answer.revision }));
    byId("stamp").textContent = parts.join(" · ");
  }

  function showAnswer(answer) {
    rows = answer.rows;
    rowOf = new Map(rows.map((row) => [row.code, row]));
    decisions = new Set(answer.decisions.map(({ code }) => code));
    byId("cards").replaceChildren(
      ...Guatu.notices(answer, location.pathname),
      ...Guatu.cards(declared.cards, answer),
    );
    showStamp(answer);
    showMethod(answer);
    showView(viewed ?? firstView());
    showPeriod();
  }

  function showPeriod() {
    if (byId("controls")) Guatu.showPeriodInControls(byId("controls"));
    if (byId("downloads")) Guatu.showDownloads(byId("downloads"));
    Guatu.showPeriodOnTimeline();
  }

  // A row that was open shows its figures of the new day; what is not a row is closed.
  function reopen() {
    if (byId("panel").hidden) return;
    const row = rowOf.get(opened);
    if (row) openRow(row);
    else close();
  }

  function clicked({ latlng }) {
    const picked = Guatu.picked(latlng);
    if (!picked) return close();
    const row = picked.role === declared.rows ? rowOf.get(picked.properties.code) : null;
    if (row) return openRow(row);
    opened = null;
    Guatu.choose(null);
    return Guatu.openPoint(picked, close);
  }

  function hovered({ latlng, containerPoint }) {
    const picked = Guatu.picked(latlng);
    const row = picked && rowOf.get(picked.properties.code);
    const label = row && sorted && sorted.classOf.get(row.code);
    const hover = byId("hover");
    map.getContainer().classList.toggle("over", picked !== null);
    hover.hidden = !label;
    if (!label) return;
    hover.textContent = `${Guatu.title(row)} · ${Guatu.className(label)}`;
    hover.style.transform = `translate(${containerPoint.x + 14}px, ${containerPoint.y + 14}px)`;
  }

  async function drawMap() {
    try {
      await Guatu.draw(map, window.maplibre_guatu);
    } catch (error) {
      console.warn(error);
      return tell(word("ui.no_webgl"));
    }
    const drawn = new Set(Guatu.drawnRoles());
    Guatu.showToggles(declared.layers.filter(({ role }) => drawn.has(role)), map);
    map.on("click", clicked);
    map.on("mousemove", L.Util.throttle(hovered, 60));
    map.on("mouseout", () => (byId("hover").hidden = true));
    return sorted && Guatu.paint(sorted);
  }

  async function readAnswer() {
    try {
      const answer = declaration.data?.answer ?? (await Guatu.read(declaration.answer_url));
      showAnswer(Guatu.prepare(answer));
      tell("");
    } catch (error) {
      tell(word("ui.failed", { reason: error.message }));
    }
  }

  Guatu.reload = async function () {
    await readAnswer();
    reopen();
  };

  byId("city").textContent = declaration.city;
  byId("attribution").textContent = declaration.attribution ?? "";
  document.title = `${declaration.city} · ${document.title}`;
  if (byId("controls")) Guatu.fillControls(byId("controls"));
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !byId("panel").hidden) close();
  });
  Guatu.keepQuery();
  Guatu.openView(map);
  if (declared.rows === "cells" && declaration.grid === null) tell(word("ui.no_grid"));
  else Guatu.ready = Promise.all([drawMap(), readAnswer(), Guatu.openTimeline()]);
})(window.Guatu);
