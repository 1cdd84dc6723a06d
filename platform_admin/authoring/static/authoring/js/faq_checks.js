// A question tried, and the questions that must be right before anything is published.
import { begin, element, post, say } from "./page.js";
import { tell } from "./tell.js";

const at = (id) => document.getElementById(id);

export function showTester(root, draft) {
  at("ask").addEventListener("submit", async (event) => {
    event.preventDefault();
    await draft.flush();
    const question = event.target.elements.question.value.trim();
    if (!question) return;
    try {
      at("answer").replaceChildren(tried(root, draft, question, await post(root.dataset.ask, { question })));
    } catch (error) {
      tell(at("answer"), error);
    }
  });
}

function tried(root, draft, question, got) {
  const keep = element("button", { type: "button", class: "link" }, say(got.answered ? "keep_answer" : "keep_silence"));
  keep.addEventListener("click", async () => {
    try {
      draft.take((await post(root.dataset.expect, { question })).draft);
      keep.replaceWith(element("span", { class: "yes" }, say("kept")));
    } catch (error) {
      tell(keep.parentElement, error);
    }
  });
  return element("div", { class: "answer" },
    element("p", { class: "bubble" }, got.llm?.text || (got.answered && !got.llm?.reached ? got.text : say("not_answered"))),
    element("p", { class: "badge badge-quiet" }, say(got.llm === null ? "without_llm" : got.llm.reached ? "with_llm" : "llm_silent")),
    got.llm?.text ? null : element("p", { class: "why" }, got.why),
    got.quote ? element("blockquote", { class: "quote" }, got.headings.length ? element("cite", {}, got.headings.join(" › ")) : null, got.quote) : null,
    begin.may_edit ? element("p", {}, keep) : null);
}

export function showChecks(root, draft) {
  const show = () => {
    const { checks } = draft.state;
    const wrong = checks.filter((check) => !check.holds);
    at("no-checks").hidden = checks.length > 0;
    at("checks-sum").hidden = checks.length === 0;
    at("checks-sum").className = wrong.length ? "badge badge-error" : "badge";
    at("checks-sum").textContent = say("checks_hold", { good: checks.length - wrong.length, all: checks.length });
    at("checks").replaceChildren(...[...wrong, ...checks.filter((check) => check.holds)].map((check) => row(root, draft, check)));
  };
  draft.addEventListener("change", show);
  show();
}

function row(root, draft, check) {
  const got = check.got.answered ? say("from_heading", { heading: check.got.heading || "–" }) : say("not_answered_short");
  const wanted = check.heading ? say("from_heading", { heading: check.heading }) : say("not_answered_short");
  const away = async (event) => {
    try {
      draft.take((await post(root.dataset.expectNoMore, { id: check.id })).draft);
    } catch (error) {
      tell(event.target.parentElement, error);
    }
  };
  return element("li", { class: "row check", "data-holds": String(check.holds) },
    element("span", { class: "mark", role: "img", "aria-label": say(check.holds ? "holds" : "goes_differently") }, check.holds ? "✓" : "✗"),
    element("div", { class: "grow" }, element("p", {}, check.question),
      element("p", { class: "hint" }, check.holds ? wanted : say("wanted_and_got", { wanted, got }))),
    begin.may_edit ? element("button", { type: "button", class: "icon-button", "aria-label": say("take_away"), onclick: away }, "×") : null);
}
