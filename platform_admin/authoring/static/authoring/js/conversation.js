// The conversation page: one draft, four views, a phone. Wires them; each does its own work.
import { ask } from "./ask.js";
import { Draft } from "./draft.js";
import { showPeople, showTested } from "./figures.js";
import { StepForm } from "./form.js";
import { FlowMap } from "./map.js";
import { mend, nearest, placeOf } from "./mending.js";
import { RefusedError, begin, getHtml, post, say } from "./page.js";
import { Phone } from "./phone.js";
import { RealSwitch } from "./real.js";
import { showSaving } from "./saved.js";
import { shareDraft } from "./share.js";
import { showProblems } from "./tray.js";
import { YamlView } from "./yaml.js";

const root = document.querySelector(".editor");
const at = (id) => document.getElementById(id);
const draft = new Draft(root.dataset.draft, { check: root.dataset.check });
const map = new FlowMap(at("map"), root.querySelector(".map-tools"));
const form = new StepForm(at("form"), root.dataset.step, draft, map);
const phone = new Phone(at("phone"), root.dataset.phone, draft);
phone.real = at("phone-real") && new RealSwitch(at("phone-real"), phone);
const yaml = new YamlView(at("code"), root.dataset, draft);
const texts = at("texts");

let opening = null; // the form that is being fetched
const drawMap = () => map.show(draft.state.map, draft.state.problems);
draft.addEventListener("change", drawMap);
map.addEventListener("select", ({ detail }) => {
  opening = form.open(detail);
  if (root.dataset.view === "map") view("steps");
});
phone.addEventListener("stand", ({ detail }) => map.stand(detail.state));
showSaving(draft, at("saved"));
const titleOf = (problem) => draft.state.map.cards.find((card) => card.name === problem.step)?.title ?? problem.step_title;
const repair = (problem, fix) => {
  if (fix.texts) return view("texts").then(() => showText(problem));
  form.structural = true;
  return mend(draft, problem, fix);
};
form.mend = repair;
showProblems(draft, at("tray"), { open: openProblem, mend: repair, title: titleOf });

/** To the place, in the view that is open; what belongs to no step is only in the text. */
async function openProblem(problem) {
  if (root.dataset.view === "texts" && showText(problem)) return;
  if (root.dataset.view !== "yaml" && problem.step && draft.state.readable) {
    map.select(problem.step, true);
    await opening;
    form.goTo(problem);
  } else {
    await view("yaml");
    yaml.goTo(problem);
  }
}

function showText(problem) {
  const field = nearest(texts.querySelectorAll("[data-path]"), placeOf(problem));
  field?.scrollIntoView({ block: "center" });
  field?.focus();
  return Boolean(field);
}

const turns = { undo: at("undo"), redo: at("redo") };
const showTurns = () => {
  turns.undo.disabled = !draft.canUndo;
  turns.redo.disabled = !draft.canRedo;
};
for (const [name, button] of Object.entries(turns)) {
  button.addEventListener("click", () => {
    form.structural = true;
    draft[name]();
  });
}
for (const event of ["change", "saving"]) draft.addEventListener(event, showTurns);
showTurns();

/** Nothing is there yet: the first step is one press away. */
function showEmpty() {
  at("map-empty").hidden = !draft.empty || !begin.may_edit;
}
at("first-step").addEventListener("click", () => {
  draft.write({ text: begin.new.conversation }, { soon: true });
});
draft.addEventListener("change", () => {
  showEmpty();
  const card = draft.state.map.cards.find((each) => each.start) ?? draft.state.map.cards[0];
  if (card && !map.selected) map.select(card.name);
});
showEmpty();

async function view(name) {
  root.dataset.view = name;
  for (const tab of root.querySelectorAll(".tabs [data-view]")) tab.setAttribute("aria-selected", String(tab.dataset.view === name));
  at("form").hidden = name === "texts" || name === "yaml";
  texts.hidden = name !== "texts";
  at("code").hidden = name !== "yaml";
  if (name === "yaml") await yaml.open();
  if (name === "texts") texts.innerHTML = await getHtml(root.dataset.texts); // made by the server's templates
}

for (const tab of root.querySelectorAll(".tabs [data-view]")) tab.addEventListener("click", () => view(tab.dataset.view));
root.querySelector(".tabs").addEventListener("keydown", (event) => {
  const tabs = [...root.querySelectorAll(".tabs [data-view]")];
  const next = tabs[tabs.indexOf(document.activeElement) + { ArrowRight: 1, ArrowLeft: -1 }[event.key]];
  if (next) {
    next.focus();
    view(next.dataset.view);
  }
});
texts.addEventListener("input", ({ target }) => {
  if (target.dataset.path) draft.edit({ do: "set_value", path: JSON.parse(target.dataset.path), value: target.value });
});
texts.addEventListener("click", ({ target }) => {
  if (target.dataset.go) view("steps").then(() => map.select(target.dataset.go, true));
});
at("form").addEventListener("click", ({ target }) => {
  if (target.dataset.go) map.select(target.dataset.go, true);
});
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.closest("input, textarea, .cm-editor")) return;
  if (event.key === "z" && !event.shiftKey) draft.undo();
  else if (event.key === "y" || (event.key.toLowerCase() === "z" && event.shiftKey)) draft.redo();
  else return;
  form.structural = true;
  event.preventDefault();
});
at("phone-save").addEventListener("click", async () => {
  const description = await ask(say("test_name"));
  if (!description) return;
  try {
    await post(root.dataset.saveTest, { script: phone.script(), description });
    phone.note(say("test_saved"));
  } catch (error) {
    phone.note(error instanceof RefusedError ? error.message : say("offline"));
  }
});
at("share")?.addEventListener("click", () => shareDraft(root.dataset.links));
at("phone-open").addEventListener("click", () => {
  const open = at("phone").toggleAttribute("data-open");
  at("phone-open").setAttribute("aria-expanded", String(open));
});

drawMap();
const first = begin.draft.map.cards.find((card) => card.start) ?? begin.draft.map.cards[0];
if (first) map.select(first.name);
if (!draft.state.readable && !draft.empty) view("yaml");
await Promise.all([opening, phone.play()]);
root.dataset.ready = "";
showPeople(map, root.querySelector("[data-map=people]"), root.dataset.people);
showTested(map, root.querySelector("[data-map=tested]"), root.dataset.tested, draft);
