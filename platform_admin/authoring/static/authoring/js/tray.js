// The quiet tray under the map: what is wrong, in words, with the way to it and what mends it.
import { element, say } from "./page.js";

const FIRST = 3; // as many as do not cover the map

export function showProblems(draft, tray, { open, mend, title }) {
  let all = false;
  const row = (problem) => {
    const name = title(problem);
    const row = element("li", { "data-severity": problem.severity, "data-code": problem.code },
      element("span", { class: "mark", role: "img", "aria-label": say(problem.severity === "error" ? "must_be_mended" : "worth_a_look") }),
      element("span", { class: "grow" }, name ? element("b", {}, name) : "", name ? " · " : "", problem.words),
      ...fixButtons(problem, mend),
      element("button", { type: "button", class: "link link-quiet", onclick: () => open(problem) }, say("show")));
    return row;
  };
  const show = () => {
    const problems = draft.empty ? [] : draft.state.problems;
    tray.hidden = problems.length === 0;
    const shown = all ? problems : problems.slice(0, FIRST);
    const more = problems.length > FIRST
      ? [element("button", { type: "button", class: "tray-head", "aria-expanded": String(all), onclick: () => { all = !all; show(); } },
          say("problems", { count: problems.length }), " ", all ? "▾" : "▴")]
      : [];
    tray.replaceChildren(...more, element("ul", {}, ...shown.map(row)));
  };
  for (const event of ["change", "checked"]) draft.addEventListener(event, show);
  show();
}

/** What mends a problem: the first as a button, the others behind "…". */
export function fixButtons(problem, mend) {
  const [first, ...others] = problem.fixes;
  if (!first) return [];
  const button = (fix) => element("button", { type: "button", class: "link", onclick: ({ target }) => {
    target.closest("details")?.removeAttribute("open");
    mend(problem, fix);
  } }, fix.label);
  if (!others.length) return [button(first)];
  return [button(first), element("details", { class: "menu menu-up" }, element("summary", { class: "link", "aria-label": say("other_ways") }, "⋯"),
    element("div", { class: "menu-list" }, ...others.map(button)))];
}
