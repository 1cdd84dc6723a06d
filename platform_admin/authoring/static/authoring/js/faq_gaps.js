// What customers asked in vain: an answer at the right heading, and the question kept as a check.
import { begin, element, post, say } from "./page.js";
import { tell } from "./tell.js";

const at = (id) => document.getElementById(id);

export function showGaps(root, draft) {
  let { gaps } = begin;
  const take = (answer) => {
    gaps = answer.gaps;
    draft.take(answer.draft);
    show();
  };
  const show = () => {
    at("no-gaps").hidden = gaps.length > 0;
    at("gaps").replaceChildren(...gaps.map((gap) => element("li", { class: "gap" },
      element("p", { class: "row" }, element("span", { class: "grow" }, gap.question),
        gap.count > 1 ? element("span", { class: "badge badge-quiet" }, say("asked_times", { count: gap.count })) : null),
      gap.examples.length ? element("p", { class: "hint" }, gap.examples.join(" · ")) : null,
      begin.may_edit ? element("p", { class: "gap-do" },
        element("button", { type: "button", class: "link", onclick: () => answer(root, draft, gap, take) }, say("add_answer")),
        element("button", { type: "button", class: "link link-quiet", onclick: (event) => putAside(root, gap, take, event) }, say("not_for_us"))) : null)));
  };
  show();
}

async function putAside(root, gap, take, event) {
  try {
    take(await post(root.dataset.putAside, { ids: gap.ids }));
  } catch (error) {
    tell(event.target.closest("li"), error);
  }
}

async function answer(root, draft, gap, take) {
  await draft.flush();
  const title = element("input", { class: "input", value: gap.question, maxlength: 200, required: true });
  const words = element("textarea", { class: "input", rows: 4, required: true });
  const under = element("select", { class: "input" },
    ...draft.state.outline.map((section) => element("option", { value: section.line, selected: section.line === gap.under }, `${"  ".repeat(section.level - 1)}${section.title}`)),
    element("option", { value: 0, selected: gap.under === 0 }, say("at_the_end")));
  const form = element("form", { method: "dialog" },
    element("h2", {}, say("add_answer")),
    element("label", { class: "field" }, say("heading"), title),
    element("label", { class: "field" }, say("under"), under),
    element("label", { class: "field" }, say("the_answer"), words),
    element("p", { class: "hint" }, say("answer_hint")),
    element("p", { class: "ask-do" },
      element("button", { type: "button", class: "button", onclick: () => box.close() }, say("put_aside")),
      element("button", { class: "button button-main" }, say("put_in"))));
  const box = element("dialog", { class: "ask ask-wide card", "aria-label": say("add_answer") }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      take(await post(root.dataset.answer, {
        revision: draft.state.revision, under: Number(under.value), title: title.value, answer: words.value, question: gap.question, ids: gap.ids,
      }));
      box.close();
    } catch (error) {
      tell(form, error);
    }
  });
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  words.focus();
}
