// Keys of the triage page. Everything a key does has a link, a button or a field that carries data-key.
"use strict";
(() => {
  const STORE = "triage-keys-off";
  const isOff = () => { try { return localStorage.getItem(STORE) === "1"; } catch { return false; } };
  const setOff = (off) => { try { localStorage.setItem(STORE, off ? "1" : "0"); } catch { /* for this page only */ } };

  const isTyping = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])"));

  const tickSimilar = () => {
    const boxes = [...document.querySelectorAll(".similar input[type=checkbox]:not(:disabled)")];
    const all = boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = !all; });
    if (boxes[0]) boxes[0].focus();
  };

  const use = (found) => {
    if (found.matches("summary")) {
      const details = found.parentElement;
      details.open = true;
      const first = details.querySelector("button:not([disabled]), input, textarea, select, a[href]");
      details.scrollIntoView({ block: "nearest" });
      (first || found).focus();
    } else if (found.matches("input, textarea")) {
      const folded = found.closest("details");
      if (folded) folded.open = true;
      found.focus();
    } else {
      found.click();
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isTyping(event.target)) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    if (isOff() && event.key !== "?") return;
    if (event.key === "x") { event.preventDefault(); tickSimilar(); return; }
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    use(found);
  });

  const place = document.querySelector("[data-keys-switch]");
  if (place) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn second small";
    const say = () => { button.textContent = isOff() ? place.dataset.on : place.dataset.off; };
    button.addEventListener("click", () => { setOff(!isOff()); say(); });
    say();
    place.append(button);
  }

  const current = document.querySelector(".worklist [aria-current]");
  if (current && matchMedia("(min-width: 62rem)").matches) current.scrollIntoView({ block: "nearest" });
})();
