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
  let boxes = null; // codes of those that feed the chosen streets
  let sorted = null;
  let earlier = null; // what lies over the left part of the map, sorted by the same classes
  let viewed = null; // the view that colors the map
  let obstacle = ""; // why there is no map, while the figures stand
  let basis = null; // the last view of a day: two days are compared by its figure
  let opened = null; // code of the row whose figures are shown

  function tell(message) {
    byId("message").textContent = message;
    byId("message").hidden = message === "";
  }

  Guatu.tell = (message) => tell(message || obstacle);

  function close() {
    opened = null;
    Guatu.closePanel();
    Guatu.choose(null);
  }

  function openRow(row, options) {
    opened = row.code;
    Guatu.choose(row.code, options);
    const paint = sorted.classOf.get(row.code);
    const before = Guatu.comparedRow(row.code);
    const isPast = row === before;
    Guatu.openRow(row, paint, close, isPast ? { day: Guatu.comparedDay() } : { before });
  }

  // A street that was chosen on the earlier of two days only has the figures of that day.
  const findRow = (code) => rowOf.get(code) ?? Guatu.comparedRow(code);

  const fly = ({ code }) => Guatu.openCode(code);

  Guatu.openCode = (code) => {
    const row = findRow(code);
    if (row) openRow(row, { fly: true });
    return row !== null;
  };

  Guatu.openFound = function (found) {
    opened = null;
    Guatu.choose(null);
    Guatu.openPoint(found, close);
  };

  Guatu.openPart = function (heading, parts) {
    opened = null;
    Guatu.choose(null);
    Guatu.openPanel(heading, parts, [], close);
  };

  // One day, or two by the same classes with the earlier one over the left part of the map.
  function showDay(view) {
    sorted = { ...Guatu.classify(view, rows, decisions), boxes };
    const before = Guatu.comparedAnswer();
    if (!before) {
      Guatu.hideEarlier();
      return Guatu.showLegend(view, sorted);
    }
    const classed = Guatu.sortInto(sorted.classes, before.rows, before.decisions);
    earlier = { ...classed, boxes: before.boxes };
    const day = Guatu.comparedDay();
    Guatu.showLegend(view, sorted, { ...earlier, day });
    const days = [day, declaration.as_of];
    return Guatu.isDrawn() && Guatu.showEarlier(earlier, Guatu.tileUrlsAt({ as_of: day }), days);
  }

  function showChanged(view) {
    sorted = { ...Guatu.classify(view, Guatu.changes().rows, new Set()), boxes };
    Guatu.hideEarlier();
    Guatu.showLegend(view, sorted);
  }

  async function showView(view) {
    const { changed } = declaration;
    const compared = Guatu.comparedAnswer() !== null;
    viewed = view === changed && !compared ? basis : view;
    if (viewed !== changed) basis = viewed;
    await Guatu.readChanges(basis);
    Guatu.showChanges(basis, viewed);
    Guatu.showViews(compared ? [...declared.views, changed] : declared.views, viewed, showView);
    const ranked = viewed === changed ? { ...changed, format: basis.format } : viewed;
    const drawing = viewed === changed ? showChanged(viewed) : showDay(viewed);
    const rankedRows = viewed === changed ? Guatu.changes().rows : rows;
    Guatu.showRanking(ranked, rankedRows, sorted.classOf, fly);
    Guatu.paint(sorted);
    Guatu.paintPicture(basis.key);
    await drawing;
  }

  // Without a survey of the lamps every status is unknown: the density says more.
  function firstView() {
    const [first] = declared.views;
    const density = declared.views.find(({ key }) => key === "density");
    const surveyed = rows.some((row) => row.n_lamps !== null);
    return declared.rows === "segments" && rows.length && !surveyed ? density : first;
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

  async function showAnswer(answer) {
    rows = answer.rows;
    rowOf = new Map(rows.map((row) => [row.code, row]));
    decisions = new Set(answer.decisions.map(({ code }) => code));
    boxes = answer.boxes;
    byId("cards").replaceChildren(
      ...Guatu.filterNotice(),
      ...Guatu.notices(answer, location.pathname),
      ...Guatu.cards(declared.cards, answer, Guatu.comparedAnswer()),
    );
    showStamp(answer);
    showMethod(answer);
    showPeriod();
    await showView(viewed ?? firstView());
    await Guatu.layAnswered();
  }

  function showPeriod() {
    if (byId("controls")) Guatu.showPeriodInControls(byId("controls"));
    if (byId("downloads")) Guatu.showDownloads(byId("downloads"));
    Guatu.showPeriodOnTimeline();
  }

  // A row that was open shows its figures of the new day; what is not a row is closed.
  function reopen() {
    if (byId("panel").hidden) return;
    const row = findRow(opened);
    if (row) openRow(row);
    else close();
  }

  function clicked({ latlng }) {
    const picked = Guatu.picked(latlng);
    if (!picked) return close();
    const row = picked.role === declared.rows ? findRow(picked.properties.code) : null;
    if (row) return openRow(row);
    return Guatu.openFound(picked);
  }

  // The row of a code and its class on the day that lies there.
  function classedAt(latlng, code) {
    const isEarlier = Guatu.isEarlier(latlng);
    const row = isEarlier ? Guatu.comparedRow(code) : rowOf.get(code);
    return [row, (isEarlier ? earlier : sorted)?.classOf.get(code)];
  }

  function hovered({ latlng, containerPoint }) {
    const picked = Guatu.picked(latlng);
    const [row, label] = picked ? classedAt(latlng, picked.properties.code) : [];
    const hover = byId("hover");
    map.getContainer().classList.toggle("over", picked !== null);
    hover.hidden = !row || !label;
    if (hover.hidden) return;
    hover.textContent = `${Guatu.title(row)} · ${Guatu.className(label)}`;
    hover.style.transform = `translate(${containerPoint.x + 14}px, ${containerPoint.y + 14}px)`;
  }

  function whyNotDrawn({ message: reason }, served) {
    if (Guatu.hasWebgl()) return word("ui.not_drawn", { reason });
    return word(served ? "ui.picture" : "ui.no_webgl");
  }

  // What the browser cannot draw the service does; a file on a disk has no service.
  function drawPicture(error) {
    const served = declaration.answer_url !== "";
    obstacle = whyNotDrawn(error, served);
    tell(obstacle);
    if (served) Guatu.openPicture(map);
  }

  async function drawMap() {
    try {
      await Guatu.draw(map, window.maplibre_guatu);
    } catch (error) {
      console.warn(error);
      return drawPicture(error);
    }
    const drawn = new Set(Guatu.drawnRoles());
    const behind = declaration.behind ? [{ role: "behind", min_zoom: 0, marks: [] }] : [];
    Guatu.showToggles([...declared.layers.filter(({ role }) => drawn.has(role)), ...behind], map);
    map.on("click", clicked);
    map.on("mousemove", L.Util.throttle(hovered, 60));
    map.on("mouseout", () => (byId("hover").hidden = true));
    if (viewed) await (Guatu.comparedAnswer() ? showView(viewed) : Guatu.paint(sorted));
    return Guatu.layAll();
  }

  async function readAnswer() {
    try {
      const kept = await Guatu.keptAnswer(declaration.as_of);
      const answer = kept ?? Guatu.readAnswer(declaration.answer_url);
      const [read] = await Promise.all([answer, Guatu.readCompared()]);
      await showAnswer(Guatu.prepare(read));
      tell(obstacle);
    } catch (error) {
      declaration.revision = null; // whatever it is by then, it is to be read again
      tell(word("ui.failed", { reason: error.message }));
    }
  }

  Guatu.reload = async function () {
    await readAnswer();
    reopen();
  };

  byId("city").textContent = declaration.city;
  const owners = [declaration.attribution, declaration.behind?.attribution];
  byId("attribution").textContent = owners.filter(Boolean).join(" · ");
  document.title = `${declaration.city} · ${document.title}`;
  if (byId("controls")) Guatu.fillControls(byId("controls"));
  if (byId("filters")) Guatu.openFilters(byId("filters"));
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !byId("panel").hidden) close();
  });
  Guatu.keepQuery();
  Guatu.openView(map);
  if (byId("finding")) Guatu.openFinding(byId("finding"));
  if (byId("wall")) Guatu.openWall(byId("wall"));
  if (declared.rows === "cells" && declaration.grid === null) tell(word("ui.no_grid"));
  else Guatu.ready = Promise.all([drawMap(), readAnswer(), Guatu.openTimeline()]);
})(window.Guatu);
