// The comment form works without this. With it, the length is shown while typing and a draft stays in this tab.
"use strict";

const areas = document.querySelectorAll("#comment textarea[data-limit]");
const draft = (area) => `draft ${location.pathname}${location.search} ${area.id}`;

for (const area of areas) {
  const shown = document.querySelector(`[data-counts="${area.id}"]`);
  const count = () => {
    const length = Array.from(area.value).length;
    if (shown) {
      shown.textContent = `${shown.dataset.words} ${length}`;
      shown.classList.toggle("wrong", length > Number(area.dataset.limit));
    }
  };
  area.value = area.value || sessionStorage.getItem(draft(area)) || "";
  area.addEventListener("input", () => {
    sessionStorage.setItem(draft(area), area.value);
    count();
  });
  count();
}

// Once the receipt is here, the drafts of this form have done their work.
if (document.querySelector("[data-sent]")) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(`draft ${location.pathname}${location.search} `)) sessionStorage.removeItem(key);
  }
}
