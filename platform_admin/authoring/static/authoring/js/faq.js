// FAQ: one text, saved as it is typed, read as customers' answers are made from it, tried with questions.
import { Draft } from "./draft.js";
import { RefusedError, begin, element, post, say } from "./page.js";
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

for (const tab of root.querySelectorAll("[data-show]")) tab.addEventListener("click", () => view(tab.dataset.show));
text.addEventListener("input", () => draft.write({ text: text.value }));
draft.addEventListener("change", show);
showSaving(draft, at("saved"));
show();

at("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  await draft.flush();
  const question = event.target.elements.question.value.trim();
  if (!question) return;
  try {
    const tried = await post(root.dataset.ask, { question });
    at("answer").replaceChildren(element("div", { class: "answer" },
      element("p", { class: "bubble" }, tried.answered ? tried.text : say("not_answered")),
      element("p", { class: "why" }, say(!tried.answered ? "answer_none" : tried.reason === "verified" ? "answer_verified" : "answer_quoted"))));
  } catch (error) {
    at("answer").replaceChildren(element("p", { class: "note field" }, error instanceof RefusedError ? error.message : say("offline")));
  }
});

/** A question becomes a heading at the end of the text, its answer is what is written next. */
for (const button of root.querySelectorAll("[data-question]")) {
  button.addEventListener("click", () => {
    view("write");
    const heading = `\n\n## ${button.dataset.question}\n\n`;
    text.value = text.value.trimEnd() + heading;
    draft.write({ text: text.value });
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
    text.scrollTop = text.scrollHeight;
  });
}
