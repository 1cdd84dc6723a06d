// The quiet tray under the map: what is wrong, in words, with the way to it.
import { element, say } from "./page.js";

const FIRST = 3; // as many as do not cover the map

export function showProblems(draft, tray, open) {
  let all = false;
  const show = () => {
    const { problems } = draft.state;
    tray.hidden = problems.length === 0;
    const ordered = [...problems].sort((one, other) => (one.severity === other.severity ? 0 : one.severity === "error" ? -1 : 1));
    const shown = all ? ordered : ordered.slice(0, FIRST);
    const more = problems.length > FIRST
      ? [element("button", { type: "button", class: "tray-head", "aria-expanded": String(all), onclick: () => { all = !all; show(); } },
          say("problems", { count: problems.length }), " ", all ? "▾" : "▴")]
      : [];
    tray.replaceChildren(...more, element("ul", {}, ...shown.map((problem) => element("li", { "data-severity": problem.severity },
      element("span", { class: "mark", "aria-hidden": "true" }),
      element("span", { class: "grow" }, problem.step_title ? element("b", {}, problem.step_title) : "", problem.step_title ? " · " : "", problem.message,
        problem.hint ? element("span", { class: "quiet" }, ` ${problem.hint}`) : ""),
      element("button", { type: "button", class: "link", onclick: () => open(problem) }, say("show"))))));
  };
  for (const event of ["change", "checked"]) draft.addEventListener(event, show);
  show();
}
