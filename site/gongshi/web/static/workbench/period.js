// The form works without this. With it, what a comment period comes to is said while it is being filled in.
// The answer is parsed by XMLHttpRequest into a document of its own, in which no script runs; no text becomes markup here.
"use strict";

for (const group of document.querySelectorAll("[data-period]")) {
  const form = group.closest("form");
  const shown = group.querySelector("[data-meaning]");
  let timer = 0;

  const ask = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && !name.startsWith("notice_") && name !== "attached") fields.append(name, value);
    }
    const request = new XMLHttpRequest();
    request.open("POST", group.dataset.period);
    request.responseType = "document";
    request.onload = () => {
      const found = request.status === 200 && request.response && request.response.querySelector("#meaning");
      if (found) shown.replaceChildren(...Array.from(found.childNodes, (one) => document.importNode(one, true)));
    };
    request.send(fields);
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.tagName === "TEXTAREA") return;
    clearTimeout(timer);
    timer = setTimeout(ask, 300);
  });
  group.querySelector("[data-meaning-button]").hidden = true;
}
