// The earlier of two days over the left part of the map, up to a divider that can be moved.
"use strict";

(function (Guatu) {
  const PANE = "earlier";
  const SHOWN = ["swipe", "divider", "earlier-day", "later-day"];
  const byId = (id) => document.getElementById(id);

  let drawing = null;
  let starting = null; // a promise once the second drawing is being made
  let latest = null; // what it shall show
  let shown = false;

  const width = () => window.map_guatu.getSize().x;
  const dividerAt = () => (width() * Number(byId("swipe").value)) / 100;

  // The pane has no size of its own: its clip is told in the map's own points.
  function clip() {
    if (!shown) return;
    const map = window.map_guatu;
    const right = dividerAt();
    const { x, y } = map.containerPointToLayerPoint([0, 0]);
    const far = map.containerPointToLayerPoint([right, map.getSize().y]);
    const corners = [`${x}px ${y}px`, `${far.x}px ${y}px`, `${far.x}px ${far.y}px`, `${x}px ${far.y}px`];
    map.getPane(PANE).style.clipPath = `polygon(${corners})`;
    byId("divider").style.left = `${right}px`;
  }

  async function start({ urls }) {
    const map = window.map_guatu;
    map.createPane(PANE).style.zIndex = 250;
    map.on("move zoom resize zoomanim", clip);
    byId("swipe").addEventListener("input", clip);
    clip();
    const layer = L.maplibreGL({ ...window.maplibre_guatu.options, pane: PANE });
    drawing = new Guatu.Drawing(await Guatu.started(map, layer), urls);
  }

  function setShown(state) {
    shown = state;
    for (const id of SHOWN) byId(id).hidden = !state;
    const pane = window.map_guatu.getPane(PANE);
    if (pane) pane.style.display = state ? "" : "none";
  }

  Guatu.isEarlier = (latlng) =>
    shown && window.map_guatu.latLngToContainerPoint(latlng).x < dividerAt();

  Guatu.earlierDrawing = () => (shown ? drawing : null);

  // Show the rows by their classes, and the layers, of another day; resolves when it is drawn.
  Guatu.showEarlier = async function (sorted, urls, [earlier, later]) {
    latest = { sorted, urls };
    setShown(true);
    byId("earlier-day").textContent = earlier;
    byId("later-day").textContent = later;
    starting ??= start(latest);
    await starting;
    drawing.follow(latest.urls);
    drawing.paint(latest.sorted);
    Guatu.align(drawing);
    Guatu.layAll();
    clip();
  };

  Guatu.hideEarlier = () => shown && setShown(false);
})(window.Guatu);
