// What mends a problem: edits that the server offered, a step chosen first where one is needed.
import { askStep } from "./ask.js";
import { begin } from "./page.js";

const CHOSEN = "$step"; // stands in the edits where the step goes

export async function mend(draft, problem, fix) {
  if (!begin.may_edit) return;
  let { edits } = fix;
  if (fix.chooses) {
    const flow = problem.step?.includes("/") ? `${problem.step.split("/")[0]}/` : "";
    const cards = draft.state.map.cards.filter((card) => card.name.startsWith(flow) && card.name.includes("/") === Boolean(flow) && card.name !== problem.step);
    const name = await askStep(fix.label, cards);
    if (!name) return;
    edits = JSON.parse(JSON.stringify(edits).replaceAll(JSON.stringify(CHOSEN), JSON.stringify(name.slice(flow.length))));
  }
  for (const edit of edits) draft.edit(edit, { soon: true });
  draft.dispatchEvent(new CustomEvent("mended", { detail: problem }));
}

/** The way of a path's fields through a form: how many of its first parts they share. */
export function nearest(fields, path) {
  let best = null;
  let most = 0;
  for (const field of fields) {
    const other = JSON.parse(field.dataset.path);
    let shared = 0;
    while (shared < path.length && other[shared] === path[shared]) shared += 1;
    if (shared > most && shared > 2) [best, most] = [field, shared];
  }
  return best;
}

export const placeOf = (problem) => JSON.parse(problem.path);
