// The last conversations, played on the draft by the bot itself: asked for once a draft, watched until it has answered.
import { element, getHtml, post, say } from "./page.js";

const LOOK_MS = 1500;

export function showReplay(form) {
  const place = document.getElementById("replay");
  const card = () => document.getElementById("rehearsal");

  /** The line in "Ready?" says the same in two words; what was not played is never called good. */
  const sum = () => {
    const { stage, same } = card().dataset;
    const line = document.getElementById("replay-state");
    document.getElementById("replay-row").hidden = false;
    const shown = stage === "done" ? (same === "true" ? ["yes", "✓"] : ["badge badge-warn", say("look_at_them")])
      : stage === "running" ? ["badge badge-quiet", say("running")] : ["badge badge-quiet", say("not_available")];
    line.replaceChildren(element("span", { class: shown[0] }, shown[1]));
  };

  const look = async () => {
    try {
      place.innerHTML = await getHtml(form.dataset.replay); // a piece of this page, rendered by the server
    } catch {
      return; // The page itself says when the connection or the session is gone.
    }
    show();
  };

  const play = async () => {
    try {
      await post(form.dataset.replay, {});
    } catch {
      // Why it cannot be played stands in the piece that is loaded next.
    }
    await look();
  };

  const show = () => {
    sum();
    place.querySelector("[data-play]")?.addEventListener("click", play);
    if (card().dataset.stage === "running") setTimeout(look, LOOK_MS);
  };

  show();
  if (card().dataset.stage === "ready" && card().dataset.mayAsk === "true" && form.dataset.changes !== "0") play();
}
