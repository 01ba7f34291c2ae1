// Which hazards or streets count: what is chosen is part of the page's address.
"use strict";

(function (Guatu) {
  const { declaration, element, named, word } = Guatu;
  const LISTS = { level: "level", state: "hazard_state", status: "status", work: "work" };
  const { chosen } = declaration;

  const said = (name, value) => (LISTS[name] ? named(LISTS[name], value) : value);

  // The page's address with one choice changed, or without any.
  function address(name = null, value = "") {
    const url = new URL(location.href);
    for (const other of name ? [name] : Object.keys(chosen)) url.searchParams.delete(other);
    if (value !== "") url.searchParams.set(name, value);
    return url;
  }

  function select(name, values) {
    const box = element("select", { name }, element("option", { value: "", text: word("filter.all") }));
    box.append(...values.map((value) => element("option", { value, text: said(name, value) })));
    box.value = chosen[name] ?? "";
    box.addEventListener("change", () => location.assign(address(name, box.value)));
    return element("label", {}, word(`filter.${name}`), box);
  }

  // The choices are read when they are asked for.
  async function fill(box) {
    const choices = await Guatu.read(`/api/v1/choices/${declaration.subject}`);
    const lists = Object.entries(choices).filter(([, values]) => values.length > 0);
    box.querySelector("form").replaceChildren(...lists.map(([name, values]) => select(name, values)));
  }

  Guatu.openFilters = function (box) {
    const once = { once: true };
    const open = () =>
      fill(box).catch(({ message }) => Guatu.tell(word("ui.failed", { reason: message })));
    box.addEventListener("toggle", open, once);
  };

  // What the figures leave out stands above them, with the way back to all.
  Guatu.filterNotice = function () {
    const parts = Object.entries(chosen).map(([name, value]) => said(name, value));
    if (!parts.length) return [];
    const text = word("filter.on", { chosen: parts.join(" · ") });
    const notice = element("p", { className: "notice filtered", text });
    if (declaration.answer_url !== "")
      notice.append(" ", element("a", { href: address().href, text: word("filter.off") }));
    return [notice];
  };
})(window.Guatu);
