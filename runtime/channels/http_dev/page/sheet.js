// The sheet that a list opens: titled groups of rows, one tap chooses. Keyboard: arrows, Home, End, Enter, Escape.

import { element } from "/chat/bubbles.js";
import { text } from "/chat/texts.js";

const sheet = document.getElementById("sheet");
const back = document.getElementById("sheet-back");
const title = document.getElementById("sheet-title");
const rows = document.getElementById("sheet-rows");
const behind = () => document.querySelectorAll("#guide, #bar, #paper, #composer, #to-end");

let opener = null;

/** Show the rows of a list message; `onChoose(option)` is called after the sheet has closed. */
export function openSheet(message, from, onChoose) {
  opener = from;
  title.textContent = message.button || text("choose");
  rows.replaceChildren(...message.sections.map((section) => group(section, onChoose)));
  for (const node of behind()) node.inert = true;
  sheet.hidden = back.hidden = false;
  rows.scrollTop = 0;
  rows.querySelector("button")?.focus({ preventScroll: true });
}

export function closeSheet() {
  if (sheet.hidden) return;
  sheet.hidden = back.hidden = true;
  for (const node of behind()) node.inert = false;
  opener?.focus({ preventScroll: true });
  opener = null;
}

function group(section, onChoose) {
  const list = element("ul", "rows", ...section.rows.map((option) => element("li", "", row(option, onChoose))));
  return element("div", "row-group", section.title && element("h3", "", section.title), list);
}

function row(option, onChoose) {
  const words = element(
    "span",
    "row-words",
    element("span", "row-title", option.title),
    option.description && element("span", "row-description", option.description),
  );
  const button = element("button", "row", words, element("span", "row-mark"));
  button.type = "button";
  button.addEventListener("click", () => {
    closeSheet();
    onChoose(option);
  });
  return button;
}

function step(event) {
  const all = [...rows.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[Math.max(0, Math.min(next, all.length - 1))]?.focus();
}

sheet.addEventListener("keydown", (event) => (event.key === "Escape" ? closeSheet() : step(event)));
back.addEventListener("click", closeSheet);
document.getElementById("sheet-close").addEventListener("click", closeSheet);
