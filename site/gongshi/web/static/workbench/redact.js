// Select a passage with mouse or keyboard, press the button: it is added to the list of what is covered.
"use strict";
(() => {
  const into = document.querySelector("textarea[data-mark-into]");
  const place = document.querySelector("[data-mark-button]");
  if (!into || !place) return;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn second";
  button.textContent = place.dataset.markButton;
  place.append(button);

  const selected = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.anchorNode) return "";
    const inside = (node) => node.parentElement && node.parentElement.closest("[data-mark-from]");
    return inside(selection.anchorNode) && inside(selection.focusNode) ? selection.toString() : "";
  };

  // The selection is gone once the button has the focus, so it is read before.
  let last = "";
  document.addEventListener("selectionchange", () => { const now = selected(); if (now) last = now; });
  button.addEventListener("click", () => {
    const lines = last.split("\n").map((line) => line.trim()).filter(Boolean);
    if (!lines.length) return;
    into.value = [into.value.trim(), ...lines].filter(Boolean).join("\n");
    last = "";
    into.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
