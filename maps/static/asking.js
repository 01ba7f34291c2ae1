// Asking the service, and its sentences in the reader's language.
"use strict";

(function (Guatu) {
  const { declaration } = Guatu;

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  // {numbers} stands for digits, other names for anything.
  function named(part) {
    if (!/^\{\w+\}$/.test(part)) return escaped(part);
    const name = part.slice(1, -1);
    return `(?<${name}>${name === "numbers" ? "[\\d., …]+" : ".+"})`;
  }

  function pattern(sentence) {
    const parts = sentence.split(/(\{\w+\})/).map(named);
    return new RegExp(`^${parts.join("")}$`, "s");
  }

  const patterns = declaration.sentences.map(([own, said]) => [pattern(own), said]);

  // A sentence of the importers as the reader says it; one without a wording stays as it is.
  Guatu.told = function (sentence) {
    for (const [known, said] of patterns) {
      const found = known.exec(sentence);
      if (found)
        return said.replace(/\{(\w+)\}/g, (_, name) => {
          const part = found.groups[name];
          return declaration.lists[part] ?? Guatu.told(part);
        });
    }
    return sentence;
  };

  Guatu.ask = async function (method, path, body, root = "/api/v1/imports") {
    const form = body instanceof FormData;
    const headers = { Accept: "application/json" };
    if (body && !form) headers["Content-Type"] = "application/json";
    const response = await fetch(`${root}${path}`, {
      method,
      headers,
      body: form || !body ? body : JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) {
      const said = (answer.errors ?? []).map(({ loc, message }) => `${loc.at(-1)}: ${message}`);
      throw new Error([Guatu.told(answer.detail ?? answer.title), ...said].join(" "));
    }
    return answer;
  };
})(window.Guatu);
