// The wall: a full screen without controls that follows the store by itself.
"use strict";

(function (Guatu) {
  const EVERY_MS = 10_000;
  const { declaration, word } = Guatu;
  const { body } = document;

  let timer = null;

  const isWall = () => body.classList.contains("wall");
  const followsToday = () => !new URLSearchParams(location.search).has("as_of");

  function isBehind({ revision, as_of: day }) {
    return revision !== declaration.revision || (followsToday() && day !== declaration.as_of);
  }

  // Show what was written since; a store that does not answer is asked again later.
  Guatu.catchUp = async function () {
    try {
      const state = await Guatu.read("/api/v1/state");
      Guatu.tell("");
      if (isBehind(state)) await Guatu.followStore(state, followsToday());
    } catch {
      Guatu.tell(word("ui.lost", { day: declaration.as_of }));
    }
  };

  function set(on) {
    if (on === isWall()) return;
    body.classList.toggle("wall", on);
    Guatu.setQuery({ wall: on ? "1" : null });
    clearInterval(timer);
    if (on) timer = setInterval(() => document.hidden || Guatu.catchUp(), EVERY_MS);
    window.map_guatu.invalidateSize({ animate: false });
    Guatu.fitCity(window.map_guatu);
  }

  function enter() {
    set(true);
    // A browser that refuses still shows the page without controls.
    document.documentElement.requestFullscreen?.().catch(() => {});
  }

  Guatu.openWall = function (button) {
    button.addEventListener("click", enter);
    document.addEventListener("fullscreenchange", () => document.fullscreenElement || set(false));
    document.addEventListener("keydown", ({ key }) => key === "Escape" && set(false));
    if (new URLSearchParams(location.search).get("wall") === "1") set(true);
  };
})(window.Guatu);
