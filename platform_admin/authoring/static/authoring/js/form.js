// The form of one step: HTML from the server, whose fields name the place they edit.
import { ask } from "./ask.js";
import { nearest, placeOf } from "./mending.js";
import { begin, element, getHtml, say } from "./page.js";
import { fixButtons } from "./tray.js";

export class StepForm {
  constructor(root, address, draft, map) {
    Object.assign(this, { root, address, draft, map });
    this.name = null;
    root.addEventListener("input", (event) => this.typed(event));
    root.addEventListener("change", (event) => this.chosen(event));
    root.addEventListener("click", (event) => this.pressed(event));
    draft.addEventListener("change", () => this.follow());
    for (const event of ["change", "checked"]) draft.addEventListener(event, () => this.notes());
    this.empty();
  }

  async open(name) {
    this.name = name;
    try {
      const html = await getHtml(`${this.address}?name=${encodeURIComponent(name)}`);
      if (name !== this.name) return;
      this.fill(html);
    } catch {
      this.empty();
    }
  }

  fill(html) {
    const open = [...this.root.querySelectorAll("details[open]")].map((each) => this.places().indexOf(each));
    const focus = this.root.contains(document.activeElement) ? document.activeElement.dataset.path : null;
    this.root.innerHTML = html; // made by the server's templates, which escape what people wrote
    this.drawn = this.shape();
    const places = this.places();
    for (const index of open) places[index]?.setAttribute("open", "");
    if (focus) this.root.querySelector(`[data-path='${CSS.escape(focus)}']`)?.focus();
    for (const field of this.root.querySelectorAll("[data-limit]")) this.count(field);
    this.notes();
    if (!begin.may_edit) for (const field of this.root.querySelectorAll("input, textarea, select, button")) field.disabled = true;
  }

  /** What is wrong with this step, below the field it is about. */
  notes() {
    for (const note of this.root.querySelectorAll(".problem")) note.remove();
    if (this.name === null) return;
    for (const problem of this.draft.state.problems.filter((each) => each.step === this.name)) {
      const place = nearest(this.root.querySelectorAll("[data-path]"), placeOf(problem))?.closest(".option, .field");
      const note = element("div", { class: "note problem", "data-severity": problem.severity, "data-code": problem.code },
        element("p", {}, problem.words), ...fixButtons(problem, (...fix) => this.mend(...fix)));
      if (place) place.after(note);
      else this.root.querySelector(".step-title")?.after(note);
    }
  }

  goTo(problem) {
    const field = nearest(this.root.querySelectorAll("[data-path]"), placeOf(problem));
    field?.closest("details:not(.menu)")?.setAttribute("open", "");
    field?.scrollIntoView({ block: "center" });
    field?.focus();
  }

  places() { return [...this.root.querySelectorAll("details:not(.menu)")]; }

  empty() {
    this.name = null;
    this.root.replaceChildren(element("p", { class: "quiet field" }, say(this.draft.state.readable || this.draft.empty ? "choose_step" : "unreadable")));
  }

  /** The draft has changed: fields that are not being typed in show what holds; a step of another shape is drawn anew. */
  follow() {
    if (!this.draft.state.readable) return this.empty();
    if (this.name === null) return undefined;
    if (!this.draft.state.map.cards.some((card) => card.name === this.name)) return this.empty();
    if (this.structural) {
      this.structural = false;
      return this.open(this.name);
    }
    return undefined;
  }

  typed({ target }) {
    if (!target.dataset.path || target.matches("select, [type=checkbox]")) return;
    this.count(target);
    this.draft.edit({ do: "set_value", ...placed(target) });
  }

  chosen({ target }) {
    const data = target.dataset;
    if (data.rename !== undefined) return this.rename(target);
    if (data.faq !== undefined) return this.draft.edit({ do: "set_value", path: [...JSON.parse(data.faq), "llm_fallback"], value: target.checked }, { soon: true });
    if (data.fallback !== undefined) return this.put([...JSON.parse(data.fallback), "fallback"], target.value);
    if (data.lead !== undefined) return this.lead(data.lead, target.value);
    if (target.matches("select[data-path]")) return this.put(JSON.parse(data.path), target.value);
    if (target.matches("[type=checkbox][data-path]")) return this.draft.edit({ do: "set_value", path: JSON.parse(data.path), value: target.checked }, { soon: true });
    return undefined;
  }

  put(path, value) {
    this.draft.edit(value ? { do: "set_value", path, value } : { do: "remove_value", path }, { soon: true });
  }

  /** A button leads elsewhere: the step's own way for it, changed or made. */
  lead(payload, target) {
    const step = this.path();
    const own = this.ways().findIndex((way) => way === payload);
    if (own >= 0 && target) this.draft.edit({ do: "set_value", path: [...step, "transitions", own, "target"], value: target }, { soon: true });
    else if (own >= 0) this.draft.edit({ do: "remove_value", path: [...step, "transitions", own] }, { soon: true });
    else if (target) this.draft.edit({ do: "insert_item", path: [...step, "transitions"], index: 0, value: { on_payload: payload, target } }, { soon: true });
    this.structural = true;
  }

  ways() {
    return [...this.root.querySelectorAll("details.way-more")].map((way) =>
      [...way.querySelectorAll("[data-path]")].find((field) => JSON.parse(field.dataset.path).at(-1) === "on_payload")?.value);
  }

  path() { return JSON.parse(this.root.querySelector("[data-faq]").dataset.faq); }

  rename(field) {
    const to = stepName(field.value);
    if (!to || to === this.name) return;
    const flow = this.name.includes("/") ? `${this.name.split("/")[0]}/` : "";
    this.draft.edit({ do: "rename_step", name: this.name, to, keep_people: true }, { soon: true });
    this.name = flow + to;
    this.map.selected = this.name;
    this.structural = true;
  }

  async pressed(event) {
    const button = event.target.closest("button");
    if (!button || !this.root.contains(button)) return;
    const data = button.dataset;
    button.closest("details.menu")?.removeAttribute("open");
    const edit = (change) => {
      this.structural = true;
      this.draft.edit(change, { soon: true });
    };
    if (data.remove) edit({ do: "remove_value", path: JSON.parse(data.remove) });
    if (data.moveItem) {
      const path = JSON.parse(data.moveItem);
      const index = path.pop();
      edit({ do: "move_item", path, index, to: index + Number(data.by) });
    }
    if (data.addAction) edit({ do: "insert_item", path: [...this.path(), "on_enter"], index: this.root.querySelectorAll("section.act > .act-head [data-remove*=on_enter]").length, value: begin.new.actions[data.addAction] });
    if (data.addOption) this.addOption(JSON.parse(data.addOption), button, edit);
    if (data.addPair) {
      const key = await ask(say("new_key"));
      if (key) edit({ do: "set_value", path: [...JSON.parse(data.addPair), key], value: "" });
    }
    if (data.add === "collect" || data.add === "timeout") edit({ do: "set_value", path: [...this.path(), data.add], value: begin.new[data.add] });
    if (data.add === "transition") edit({ do: "insert_item", path: [...this.path(), "transitions"], index: this.ways().length, value: begin.new.transition });
    if (data.do === "duplicate") edit({ do: "duplicate_step", name: this.name, to: this.free(`${last(this.name)}_2`) });
    if (data.do === "delete") this.remove(JSON.parse(data.used), edit);
    if (data.do === "add") this.addStep(edit);
  }

  addOption(path, button, edit) {
    const choices = button.parentElement.querySelectorAll(".option").length;
    const taken = new Set([...button.parentElement.querySelectorAll("[data-lead]")].map((each) => each.dataset.lead));
    let number = choices + 1;
    while (taken.has(`${last(this.name).toLowerCase()}_${number}`)) number += 1;
    edit({ do: "insert_item", path, index: choices, value: { id: `${last(this.name).toLowerCase()}_${number}`, title: "…" } });
  }

  /** Who leads here is named, and is led elsewhere, before the step goes. */
  remove(users, edit) {
    this.root.querySelector(".deleting")?.remove();
    const others = this.draft.state.map.cards.filter((card) => card.name !== this.name);
    if (!users.length) return edit({ do: "delete_step", name: this.name });
    if (!others.length) return undefined;
    const choice = element("select", { class: "input" }, ...others.map((card) => element("option", { value: card.name }, card.title)));
    choice.value = others.find((card) => card.start)?.name ?? others[0].name;
    const panel = element("div", { class: "note deleting", role: "group", "aria-label": say("delete_step") },
      element("p", {}, say("led_to_by", { steps: users.join(", ") })),
      element("label", { class: "field" }, say("lead_instead"), choice),
      element("p", { class: "ask-do" },
        element("button", { type: "button", class: "button button-small", onclick: () => panel.remove() }, say("put_aside")),
        element("button", { type: "button", class: "button button-small button-danger", onclick: () => edit({ do: "delete_step", name: this.name, instead: choice.value }) }, say("delete_step"))));
    this.root.querySelector(".step-title").after(panel);
    return choice.focus();
  }

  async addStep(edit) {
    const title = await ask(say("new_name"), say("new_step"));
    const name = title && this.free(stepName(title));
    if (!name) return;
    edit({ do: "add_step", name, after: last(this.name ?? ""), value: { on_enter: [{ action: "send_text", text: "…" }], fallback: this.draft.state.map.cards[0]?.name ?? name } });
    this.name = name;
    this.map.selected = name;
  }

  free(name) {
    const taken = new Set(this.draft.state.map.cards.map((card) => last(card.name)));
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
    return free;
  }

  count(field) {
    const limit = Number(field.dataset.limit);
    if (!limit) return;
    const length = [...new Intl.Segmenter().segment(field.value)].length;
    let line = field.parentElement.querySelector(":scope > .counter");
    if (length < limit * 0.8) return void line?.remove();
    if (!line) field.after((line = element("span", { class: "hint counter" })));
    line.textContent = say("characters", { count: length, limit });
    line.toggleAttribute("data-over", length > limit);
  }

  shape() { return this.root.querySelectorAll("[data-path]").length; }
}

const last = (name) => name.split("/").at(-1);

/** What a field says, as an edit: numbers as numbers, words as a list, `""` takes the value away. */
function placed(field) {
  const path = JSON.parse(field.dataset.path);
  if (field.dataset.key !== undefined) path.push(field.dataset.key);
  const { kind } = field.dataset;
  if (kind === "number") return { path, value: field.value === "" ? null : Number(field.value) };
  if (kind === "words" || kind === "list") return { path, value: field.value.split(",").map((word) => word.trim()).filter(Boolean) };
  return { path, value: field.value };
}

/** "Elegir día" becomes ELEGIR_DÍA; the server has the same rule and the last word. */
export function stepName(title) {
  const name = title.normalize("NFC").toUpperCase().replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 64).replace(/_+$/, "");
  return /^[0-9]/.test(name) ? `STEP_${name}` : name;
}
