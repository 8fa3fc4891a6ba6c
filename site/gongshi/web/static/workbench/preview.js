// The editor works without this. With it, the server's preview stands beside the text and follows it.
// The answer is parsed by XMLHttpRequest into a document of its own, in which no script runs; no text becomes markup here.
"use strict";

const PAUSE = 500;

function follow(editor) {
  const area = editor.querySelector("textarea");
  const button = editor.querySelector("[data-preview]");
  const shown = editor.querySelector("[data-shown]");
  const token = editor.closest("form").querySelector("[name=csrf_token]");
  let timer = 0;
  let running = false;
  let last = null;

  const show = (page) => {
    const found = page && page.querySelector("#preview");
    shown.replaceChildren(...(found ? Array.from(found.childNodes, (one) => document.importNode(one, true)) : [shown.dataset.failed]));
  };

  const ask = () => {
    if (running || area.value === last) return;
    running = true;
    last = area.value;
    const request = new XMLHttpRequest();
    request.open("POST", button.dataset.preview);
    request.responseType = "document";
    request.onloadend = () => {
      running = false;
      show(request.status === 200 ? request.response : null);
      // What was typed meanwhile.
      if (area.value !== last) wait();
    };
    request.send(new URLSearchParams({ csrf_token: token.value, preview: `${button.value.split(":")[0]}:text`, text: last }));
  };

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  shown.hidden = false;
  editor.classList.add("is-live");
  // Return in a field of the form must not open a preview.
  button.parentElement.remove();
  area.addEventListener("input", wait);
  ask();

  // “Line 12” leads to that line.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(`a[data-line][href="#${area.id}"]`);
    if (!link) return;
    const lines = area.value.split("\n");
    const start = lines.slice(0, link.dataset.line - 1).join("\n").length + (link.dataset.line > 1 ? 1 : 0);
    event.preventDefault();
    area.focus();
    area.setSelectionRange(start, start + lines[link.dataset.line - 1].length);
    area.scrollTop = (area.scrollHeight * (link.dataset.line - 1)) / lines.length - area.clientHeight / 3;
  });
}

for (const editor of document.querySelectorAll("[data-editor]")) {
  if (!editor.dataset.followed) {
    editor.dataset.followed = "true";
    follow(editor);
  }
}
