// A problem is a way to its place: choosing one puts the cursor there. Ctrl+S checks. Leaving unsaved text asks first.
"use strict";

const text = document.getElementById("draft-text");
const form = text.form;
const saved = text.value;
const LINE_HEIGHT_PX = 20;
const LINES_ABOVE = 6;

function goTo(line, column) {
  const lines = text.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((length, row) => length + row.length + 1, 0);
  const offset = Math.min(before + column - 1, text.value.length);
  text.focus();
  text.setSelectionRange(offset, offset);
  text.scrollTop = Math.max(0, (line - LINES_ABOVE) * LINE_HEIGHT_PX);
}

for (const button of document.querySelectorAll("[data-line]")) {
  button.addEventListener("click", () => goTo(Number(button.dataset.line), Number(button.dataset.column)));
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    form.querySelector("button[value=check]").click();
  }
});

let leaving = false;
form.addEventListener("submit", () => { leaving = true; });
window.addEventListener("beforeunload", (event) => {
  if (!leaving && text.value !== saved) event.preventDefault();
});
