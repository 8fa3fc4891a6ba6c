// What the pages on answers gain with a script: a template goes in where the cursor is, boxes are ticked all at once,
// the risks of a major objection open with its box. Every page works without it.

for (const picker of document.querySelectorAll(".picker")) {
  const select = picker.querySelector("select");
  const button = picker.querySelector("button");
  const field = document.getElementById(picker.dataset.target);
  if (!select || !button || !field) continue;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const text = select.selectedOptions[0]?.dataset.text;
    if (!text) return select.focus();
    const gap = field.selectionStart > 0 && field.value[field.selectionStart - 1] !== "\n" ? "\n" : "";
    field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, "end");
    const blank = field.value.indexOf("〔");
    field.focus();
    if (blank >= 0) field.setSelectionRange(blank, field.value.indexOf("〕", blank) + 1);
  });
}

for (const list of document.querySelectorAll("[data-all]")) {
  const boxes = list.querySelectorAll("input[type=checkbox]");
  if (boxes.length < 3) continue;
  const line = document.createElement("p");
  line.className = "all-or-none";
  for (const [words, ticked] of [[list.dataset.all, true], [list.dataset.none, false]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = words;
    button.addEventListener("click", () => boxes.forEach((box) => { box.checked = ticked; }));
    line.append(button);
  }
  list.before(line);
}

for (const risks of document.querySelectorAll("[data-shown-by]")) {
  const box = document.getElementById(risks.dataset.shownBy);
  box?.addEventListener("change", () => { risks.open = box.checked; });
}
