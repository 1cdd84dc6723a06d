// The line that says what became of what was typed.
import { element, say } from "./page.js";

export function showSaving(draft, line) {
  const show = () => {
    line.dataset.state = draft.saving;
    switch (draft.saving) {
      case "saved":
        line.replaceChildren(draft.savedAt ? ago(draft.savedAt) : "");
        break;
      case "conflict":
        line.replaceChildren(
          say("conflict", { reason: draft.reason }), " ",
          element("button", { type: "button", class: "link", onclick: () => draft.settle(true) }, say("keep_mine")), " · ",
          element("button", { type: "button", class: "link", onclick: () => draft.settle(false) }, say("take_theirs")),
        );
        break;
      case "refused":
        line.replaceChildren(say("refused", { reason: draft.reason }));
        break;
      default:
        line.replaceChildren(say(draft.saving));
    }
  };
  draft.addEventListener("saving", show);
  setInterval(() => draft.saving === "saved" && show(), 5000);
  show();
}

function ago(moment) {
  const seconds = Math.round((Date.now() - moment) / 1000);
  if (seconds < 3) return say("saved_now");
  const time = seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.round(seconds / 60)} min` : moment.toLocaleString([], { dateStyle: "short", timeStyle: "short" });
  return say("saved_ago", { time });
}
