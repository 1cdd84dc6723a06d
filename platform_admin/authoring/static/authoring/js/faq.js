// FAQ: one text, saved as it is typed, read with its facts filled in as customers' answers are made from it.
import { Draft } from "./draft.js";
import { showChecks, showTester } from "./faq_checks.js";
import { showGaps } from "./faq_gaps.js";
import { begin, element, say } from "./page.js";
import { showSaving } from "./saved.js";

const root = document.querySelector(".faq");
const at = (id) => document.getElementById(id);
const draft = new Draft(root.dataset.draft);
const text = at("text");
text.value = draft.state.text;
text.readOnly = !begin.may_edit;

function show() {
  if (document.activeElement !== text && text.value !== draft.state.text) text.value = draft.state.text;
  at("read").innerHTML = draft.state.preview; // rendered by the server with raw HTML switched off
  at("outline").replaceChildren(...draft.state.outline.map((section) => element("li", {},
    element("button", { type: "button", "data-level": section.level, onclick: () => go(section.line) }, section.title))));
  at("unknown").hidden = draft.state.unknown.length === 0;
  at("unknown").replaceChildren(...draft.state.unknown.map((fact) => element("p", {}, say("unknown_fact", fact))));
}

function go(line) {
  view("write");
  const before = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(before, before);
  text.scrollTop = (line - 2) * 22;
}

function view(name) {
  text.hidden = name !== "write";
  at("read").hidden = name !== "read";
  for (const tab of root.querySelectorAll("[data-show]")) tab.setAttribute("aria-selected", String(tab.dataset.show === name));
}

/** A fact goes in as its placeholder: when it changes under hours and services, the text says the new one. */
function putIn(fact) {
  view("write");
  text.focus();
  text.setRangeText(`{{ ${fact.key} }}`, text.selectionStart, text.selectionEnd, "end");
  draft.write({ text: text.value });
}

at("facts").replaceChildren(...begin.facts.map((fact) => element("li", {},
  element("button", { type: "button", class: "fact", disabled: !begin.may_edit, title: `{{ ${fact.key} }}`, onclick: () => putIn(fact) },
    element("span", { class: "fact-title" }, fact.title), element("span", { class: "fact-text" }, fact.text)))));
at("no-facts").hidden = begin.facts.length > 0;

for (const tab of root.querySelectorAll("[data-show]")) tab.addEventListener("click", () => view(tab.dataset.show));
text.addEventListener("input", () => draft.write({ text: text.value }));
draft.addEventListener("change", show);
showSaving(draft, at("saved"));
showTester(root, draft);
showChecks(root, draft);
showGaps(root, draft);
show();
