// The set-up checks of a WhatsApp number, one request each, so that every line tells how it went as soon as it is known.
// Without this file the button makes all of them in one request, and the page shows them when it is loaded again.
const form = document.getElementById("check");
const lines = document.getElementById("lines");
const button = form.querySelector("button");
const broken = document.getElementById("check-broken");

const lineOf = (code) => lines.querySelector(`[data-code="${code}"]`);

function show(code, state) {
  const line = lineOf(code);
  line.dataset.state = state;
  line.querySelector(".connect-state").textContent = form.dataset.running;
}

async function make(code) {
  const fields = new FormData(form);
  fields.set("code", code);
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  if (!answer.ok) throw new TypeError(`the server answered ${answer.status}`);
  lines.innerHTML = await answer.text(); // a piece of this page, rendered by the server
}

async function makeAll() {
  button.disabled = true;
  broken.hidden = true;
  try {
    for (const code of [...lines.querySelectorAll("[data-code]")].map((line) => line.dataset.code)) {
      show(code, "running");
      await make(code);
      // Without a good token WhatsApp answers nothing else.
      if (code === "token" && lineOf(code).dataset.state === "fault") break;
    }
  } catch {
    broken.textContent = form.dataset.broken;
    broken.hidden = false;
  }
  button.disabled = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  makeAll();
});

if ("begins" in form.dataset) {
  history.replaceState(null, "", form.action.replace(/check\/$/, "")); // loading it again shows, and does not begin again
  makeAll();
}
