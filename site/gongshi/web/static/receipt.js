// Receipts work without this. With it, a scanned code fills in the look-up, both lines can be copied, a button prints.
"use strict";

// Number and secret stand behind the #, which no browser sends anywhere. They leave the address bar at once.
const fill = () => {
  const found = /^#(HZ-[0-9A-Z-]{4,20})\.([0-9A-Z-]{10,40})$/i.exec(location.hash);
  const number = document.querySelector("#number");
  const secret = document.querySelector("#secret");
  if (!found || !number || !secret) return;
  [, number.value, secret.value] = found;
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("#look-up button")?.focus();
};
fill();
addEventListener("hashchange", fill);

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
    button.setAttribute("role", "status");
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
