// The campaign's days under the map: drag, step or play to any of them.
"use strict";

(function (Guatu) {
  const { declaration, format, word } = Guatu;
  const DAY_MS = 24 * 3600 * 1000;
  const BARS = 240;
  const HEIGHT = 40;
  const FEW = 0.001; // share of the events that may lie before the first day
  const FAR_DAYS = 366;
  const STEPS = 90; // of one play, from the first day to the last
  const PAUSE_MS = 400;
  const COMPARED_DAYS = 30; // before the day shown: where a comparison begins
  const PATIENCE_MS = 2500;
  const SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  const numberOf = (day) => Math.round(Date.parse(day) / DAY_MS);
  const dayOf = (number) => new Date(number * DAY_MS).toISOString().slice(0, 10);

  let first = 0;
  let last = null; // until the days are known
  let playing = false;

  // A date mistyped by decades must not stretch the days: of a few events long before all others
  // the first day takes no notice.
  function firstOf(days) {
    let few = FEW * days.reduce((sum, { n }) => sum + n, 0);
    const most = days.find(({ n }) => (few -= n) < 0);
    if (!most) return [];
    return numberOf(most.on) - numberOf(days[0].on) > FAR_DAYS ? [most] : days.slice(0, 1);
  }

  // The drive's days where its dates are known, else those of the ledger; the day shown is in.
  function span({ days, campaigns }) {
    const begun = campaigns.map((drive) => drive.started_on).filter(Boolean);
    const ended = campaigns.map((drive) => drive.ended_on).filter(Boolean);
    const day = ({ on }) => on;
    const from = begun.length ? begun : firstOf(days).map(day);
    const to = ended.length ? ended : days.slice(-1).map(day);
    const shown = [declaration.as_of, Guatu.comparedDay()].filter(Boolean);
    const numbers = [...from, ...to, ...shown].map(numberOf);
    return [Math.min(...numbers), Math.max(...numbers)];
  }

  // Events by day in at most BARS bars of whole days.
  function bars(days) {
    const width = Math.ceil((last - first + 1) / BARS);
    const sums = new Array(Math.ceil((last - first + 1) / width)).fill(0);
    for (const { on, n } of days) {
      const at = Math.floor((numberOf(on) - first) / width);
      if (at >= 0 && at < sums.length) sums[at] += n;
    }
    return { width, sums };
  }

  function drawn(tag, attributes) {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    return shape;
  }

  function drawBars(days) {
    const { width, sums } = bars(days);
    const most = Math.max(1, ...sums);
    const chart = byId("bars");
    chart.setAttribute("viewBox", `0 0 ${last - first + 1} ${HEIGHT}`);
    const shapes = sums.map((n, index) => {
      const height = n ? Math.max(1.5, (n / most) * HEIGHT) : 0;
      const bar = { x: index * width, y: HEIGHT - height, width: width * 0.8, height };
      const shape = drawn("rect", bar);
      shape.dataset.first = first + index * width;
      return shape;
    });
    chart.replaceChildren(drawn("rect", { id: "band", y: 0, height: HEIGHT }), ...shapes);
  }

  // The window that the figures count lies behind the bars, and its bars stand out.
  function showDay(number) {
    const from = number - declaration.window_days + 1;
    const start = Math.max(first, from);
    byId("band").setAttribute("x", start - first);
    byId("band").setAttribute("width", Math.max(0, number - start + 1));
    for (const bar of byId("bars").querySelectorAll("[data-first]")) {
      const day = Number(bar.dataset.first);
      bar.classList.toggle("in", day >= from && day <= number);
    }
    byId("day").setAttribute("aria-valuetext", dayOf(number));
    byId("day-shown").textContent = dayOf(number);
  }

  // The handle of the day to compare with, beside that of the day shown.
  function showCompared() {
    if (!byId("compare")) return; // a file shows one day at a time
    const earlier = Guatu.comparedDay();
    const on = earlier !== null;
    byId("compare").setAttribute("aria-pressed", String(on));
    byId("compare").textContent = word(on ? "ui.compare_end" : "ui.compare");
    byId("earlier").hidden = !on;
    byId("earlier-shown").hidden = !on;
    if (!on) return;
    byId("earlier").value = numberOf(earlier);
    byId("earlier").setAttribute("aria-valuetext", earlier);
    byId("earlier-shown").textContent = earlier;
  }

  function compare(number) {
    const shown = Number(byId("day").value);
    const done = Guatu.compareWith(dayOf(Math.min(number, shown)));
    showCompared();
    return done;
  }

  function toggleCompare() {
    const on = Guatu.comparedDay() !== null;
    if (!on) return compare(Math.max(first, Number(byId("day").value) - COMPARED_DAYS));
    const done = Guatu.compareWith(null);
    showCompared();
    return done;
  }

  function step(number) {
    byId("day").value = number;
    showDay(number);
    return Guatu.changePeriod({ as_of: dayOf(number) });
  }

  function setPlaying(state) {
    playing = state;
    byId("play").textContent = word(state ? "ui.pause" : "ui.play");
    byId("play").setAttribute("aria-pressed", String(state));
  }

  async function play() {
    if (playing) return setPlaying(false);
    setPlaying(true);
    let number = Number(byId("day").value);
    if (number >= last) number = first - 1;
    const stride = Math.max(1, Math.round((last - first) / STEPS));
    while (playing && number < last) {
      number = Math.min(last, number + stride);
      await Promise.all([step(number), pause(PAUSE_MS)]);
      await Promise.race([Guatu.settled(), pause(PATIENCE_MS)]);
    }
    return setPlaying(false);
  }

  // The page may come to another day by its other controls too.
  Guatu.showPeriodOnTimeline = function () {
    const box = byId("timeline");
    if (!box || last === null) return;
    const number = numberOf(declaration.as_of);
    if (playing && Number(byId("day").value) !== number) return;
    byId("day").value = number;
    showDay(number);
    showCompared();
  };

  function open(timeline) {
    [first, last] = span(timeline);
    const day = byId("day");
    Object.assign(day, { min: first, max: last, value: numberOf(declaration.as_of) });
    byId("first-day").textContent = dayOf(first);
    byId("last-day").textContent = dayOf(last);
    drawBars(timeline.days);
    byId("timeline").hidden = first === last;
    Object.assign(byId("earlier"), { min: first, max: last });
    showDay(Number(day.value));
    showCompared();
    const total = timeline.days.reduce((sum, { n }) => sum + n, 0);
    byId("bars-note").textContent = word(`timeline.${declaration.subject}`, {
      n: format(total, "count"),
    });
  }

  function listen() {
    const day = byId("day");
    day.addEventListener("input", () => {
      setPlaying(false);
      step(Number(day.value));
    });
    byId("earlier").addEventListener("input", () => compare(Number(byId("earlier").value)));
    byId("compare")?.addEventListener("click", toggleCompare);
    byId("play").addEventListener("click", play);
    setPlaying(false);
  }

  Guatu.openTimeline = async function () {
    if (!byId("timeline")) return;
    const isOpen = last !== null;
    const kept = declaration.data?.timeline;
    open(kept ?? (await Guatu.read(`/api/v1/timeline/${declaration.subject}`)));
    if (!isOpen) listen();
  };
})(window.Guatu);
