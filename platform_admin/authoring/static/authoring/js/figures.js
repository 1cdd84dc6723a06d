// What the map shows on top of the conversation: how many people went which way, and what the tests walk.
import { get, say } from "./page.js";

const QUIET_MS = 1500; // the tests are played when the draft has been saved and the hands rest

export function showPeople(map, select, address) {
  const look = async () => {
    map.figures.clear();
    if (select.value) {
      try {
        const { ways } = await get(`${address}?days=${select.value}`);
        for (const { source, target, people, share, drop } of ways) {
          map.figures.set(`${source}→${target}`, { text: `${people.toLocaleString()} · ${share} %`, drop });
        }
      } catch {
        // A map without figures is still a map.
      }
    }
    map.showWays();
  };
  select.addEventListener("change", look);
  return look();
}

/** Played on the server after each save; drawn on the cards while the button is pressed. */
export function showTested(map, button, address, draft) {
  let timer = null;
  let untested = new Set();
  const words = button.querySelector("[data-words]");
  const mark = () => map.mark("untested", button.getAttribute("aria-pressed") === "true" ? untested : new Set());
  const look = async () => {
    try {
      const { waits, passed, count, untested: steps } = await get(address);
      untested = new Set(steps);
      button.dataset.state = waits || !count ? "none" : passed === count ? "good" : "bad";
      words.textContent = waits || !count ? say("tests_none") : say("tests_hold", { passed, count });
      mark();
    } catch {
      // The Tests page says what is the matter.
    }
  };
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    mark();
  });
  draft.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(look, QUIET_MS);
  });
  return look();
}
