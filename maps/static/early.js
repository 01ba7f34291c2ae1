// The first script of a page: it asks for what the page will show while its libraries are read.
"use strict";

(function () {
  const { answer_url: url, declared, grid, subject, tile_urls: urls } = JSON.parse(
    document.getElementById("declaration").textContent,
  );
  const early = new Map(); // address -> promise of the response, for whoever reads it first
  window.early = early;
  if (declared.rows === "cells" && grid === null) return;

  function ask(address, after = Promise.resolve()) {
    const response = after.then(() => fetch(address, { headers: { Accept: "application/json" } }));
    response.catch(() => {}); // told to who reads it
    early.set(address, response);
    return response;
  }

  const answer = ask(`${url}&format=columns`);
  ask(`/api/v1/timeline/${subject}`);
  // What is computed is part of the answer, which is not computed twice at once.
  const shapes = declared.layers.filter(({ computed, shown }) => computed && shown);
  for (const { layer } of shapes) ask(urls[layer], answer);
})();
