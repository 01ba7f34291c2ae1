// The day and the window that the page shows: part of its address, changed without a reload.
"use strict";

(function (Guatu) {
  const { declaration } = Guatu;

  let wanted = null; // the last wish while an earlier one is being read
  let running = null;

  // An address with another day and window, where it names them at all.
  function at(url, period) {
    if (url === "") return url; // a file has no service
    const [path, query] = url.split("?");
    const asked = new URLSearchParams(query);
    for (const [name, value] of Object.entries(period)) if (asked.has(name)) asked.set(name, value);
    return `${path}?${asked}`;
  }

  Guatu.answerUrlAt = (period) => at(declaration.answer_url, period);

  Guatu.tileUrlsAt = (period) =>
    Object.fromEntries(
      Object.entries(declaration.tile_urls).map(([layer, url]) => [layer, at(url, period)]),
    );

  function declare(period) {
    declaration.as_of = period.as_of ?? declaration.as_of;
    declaration.window_days = Number(period.window ?? declaration.window_days);
    declaration.answer_url = Guatu.answerUrlAt(period);
    declaration.tile_urls = Guatu.tileUrlsAt(period);
  }

  // Keep what the reader chose in the page's address and in its links; null takes it away.
  Guatu.setQuery = function (values) {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(values))
      if (value === null) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    history.replaceState(null, "", address);
    Guatu.keepQuery();
  };

  // One day is read at a time; of those asked for meanwhile only the last is.
  async function run(load) {
    while (wanted !== null) {
      const { period, kept } = wanted;
      wanted = null;
      declare(period);
      Guatu.setQuery(kept);
      await load();
    }
    await Guatu.followTiles();
    running = null;
  }

  // Show another day or window; resolves when its figures stand. What is `kept` stays in the
  // page's address.
  Guatu.changePeriod = function (period, kept = period) {
    wanted = { period: { ...wanted?.period, ...period }, kept: { ...wanted?.kept, ...kept } };
    running ??= run(Guatu.reload);
    Guatu.ready = running;
    return running;
  };

  // Show the store as it is by now, on its own day unless the reader chose one.
  Guatu.followStore = async function ({ revision, rev, as_of: day }, followsToday) {
    declaration.revision = revision;
    await Guatu.changePeriod(followsToday ? { rev, as_of: day } : { rev }, {});
    await Guatu.openTimeline();
  };
})(window.Guatu);
