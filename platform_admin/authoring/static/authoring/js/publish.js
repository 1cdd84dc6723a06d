// Publish: after the button, the page watches until the runtime has the release.
import { begin, get, say } from "./page.js";
import { showReplay } from "./replay.js";

const LOOK_MS = 2000;
const PATIENCE = 60; // looks: two minutes, then it is said plainly

const form = document.getElementById("publish");
const line = document.getElementById("progress");

for (const button of form.querySelectorAll("button[name=do]")) {
  button.addEventListener("click", () => setTimeout(() => { button.disabled = true; }));
}

async function watch(looks) {
  const { wanted, has, done, refusal } = await get(form.dataset.progress);
  if (wanted === null) return;
  line.hidden = false;
  line.classList.toggle("note-error", Boolean(refusal));
  if (refusal) line.textContent = say("refused_release", { reason: refusal });
  else if (done) line.textContent = say("release_live", { serial: wanted });
  else if (looks > PATIENCE) line.textContent = say("release_late", { serial: wanted, has: has ?? "–" });
  else {
    line.textContent = say("release_coming", { serial: wanted });
    setTimeout(() => watch(looks + 1), LOOK_MS);
  }
}

if (begin.serial !== null) watch(0);
showReplay(form);
