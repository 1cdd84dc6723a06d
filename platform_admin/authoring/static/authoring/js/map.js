// The map: cards and ways where the server put them, moved and zoomed by hand or key, never reshuffled.
import { element, say } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 0.25;
const MOST = 1.5;
const ROOM = 48; // pixels around what is brought into view

export class FlowMap extends EventTarget {
  constructor(root, tools) {
    super();
    this.root = root;
    this.sheet = element("div", { class: "map-sheet" });
    this.ways = document.createElementNS(SVG, "svg");
    this.ways.setAttribute("class", "map-ways");
    this.ways.setAttribute("aria-hidden", "true");
    root.append(this.sheet);
    this.cards = new Map();
    this.figures = new Map();
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.selected = null;
    this.here = null;
    this.grab();
    root.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    root.addEventListener("keydown", (event) => this.key(event));
    tools.querySelector("[data-map=fit]").addEventListener("click", () => this.fit());
    this.whole = tools.querySelector("[data-map=whole]");
    this.whole.addEventListener("click", () => this.zoom(1));
    this.find = tools.querySelector("[data-map=find]");
    this.find.addEventListener("input", () => this.search(this.find.value));
    this.find.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.found) this.select(this.found, true);
    });
    addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, [contenteditable=true], .cm-editor");
      if (event.key === "/" && !typing) {
        event.preventDefault();
        this.find.focus();
      }
    });
  }

  /** A new drawing. Cards that stay are moved, so that an eye on one does not lose it. */
  show(drawing, problems) {
    const first = this.cards.size === 0;
    this.drawing = drawing;
    const worst = new Map();
    for (const problem of problems) {
      if (problem.step && worst.get(problem.step) !== "error") worst.set(problem.step, problem.severity);
    }
    const names = new Set(drawing.cards.map((card) => card.name));
    for (const [name, made] of this.cards) {
      if (!names.has(name)) {
        made.remove();
        this.cards.delete(name);
      }
    }
    for (const card of drawing.cards) this.showCard(card, worst.get(card.name));
    this.showWays();
    if (this.marked) this.mark(this.marked.mark, this.marked.names);
    if (first && drawing.cards.length) this.beginning();
  }

  showCard(card, fault) {
    let made = this.cards.get(card.name);
    if (!made) {
      made = element("button", { type: "button", class: "map-card", "data-step": card.name, onclick: () => this.select(card.name) });
      this.cards.set(card.name, made);
      this.sheet.append(made);
    }
    made.style.translate = `${card.x}px ${card.y}px`;
    made.style.width = `${card.width}px`;
    made.style.height = `${card.height}px`;
    if (fault) made.dataset.fault = fault;
    else delete made.dataset.fault;
    made.setAttribute("aria-current", String(card.name === this.selected));
    made.toggleAttribute("data-here", card.name === this.here);
    const badges = card.badges.map(({ kind, count }) => {
      const words = say(`badge_${kind}`, { count });
      return element("span", { class: `badge badge-${kind}` }, words.startsWith("badge_") ? kind : words);
    });
    made.replaceChildren(
      element("b", {}, card.title),
      card.says ? element("span", { class: "says" }, card.says) : null,
      badges.length ? element("span", { class: "badges" }, ...badges) : null,
    );
    for (const child of [...made.childNodes]) if (child.textContent === "null") child.remove();
  }

  showWays() {
    const { cards, ways, width, height } = this.drawing;
    const at = new Map(cards.map((card) => [card.name, card]));
    this.ways.setAttribute("width", width);
    this.ways.setAttribute("height", height);
    this.ways.replaceChildren();
    for (const way of ways) {
      const near = way.source === this.selected || way.target === this.selected;
      if (way.tree || near) this.draw(way, at.get(way.source), at.get(way.target), near);
    }
    this.sheet.prepend(this.ways);
  }

  draw(way, from, to, near) {
    if (!from || !to) return;
    const down = to.y > from.y + from.height;
    const x1 = from.x + from.width / 2;
    const y1 = down ? from.y + from.height : from.y + from.height / 2;
    const x2 = to.x + to.width / 2;
    const y2 = down ? to.y - 8 : to.y + to.height / 2;
    const side = Math.max(from.x + from.width, to.x + to.width) + 24;
    const middle = (y1 + y2) / 2;
    const path = down
      ? `M${x1},${y1} C${x1},${middle} ${x2},${middle} ${x2},${y2}`
      : `M${from.x + from.width},${y1} C${side},${y1} ${side},${y2} ${to.x + to.width + 8},${y2}`;
    this.add("path", { d: path, "data-kind": way.kind, "data-near": near });
    const head = down ? `M${x2 - 5},${y2} h10 l-5,8 z` : `M${to.x + to.width + 8},${y2 - 5} v10 l-8,-5 z`;
    this.add("path", { d: head, class: "head", "data-near": near });
    const figure = this.figures.get(`${way.source}→${way.target}`);
    const label = figure?.text ?? (near ? way.label : "");
    if (label && down) {
      const words = this.add("text", { x: x2, y: y2 - 14, "data-near": near, "data-drop": figure?.drop ?? false });
      words.textContent = figure && near && way.label ? `${way.label} · ${label}` : label;
    }
  }

  add(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(key, "");
      else if (value !== false) made.setAttribute(key, value);
    }
    this.ways.append(made);
    return made;
  }

  /** Cards of these names carry the mark, the others do not. */
  mark(mark, names) {
    this.marked = { mark, names };
    for (const [name, card] of this.cards) card.toggleAttribute(`data-${mark}`, names.has(name));
  }

  select(name, bring = false) {
    if (!this.cards.has(name)) return;
    this.cards.get(this.selected)?.setAttribute("aria-current", "false");
    this.selected = name;
    this.cards.get(name).setAttribute("aria-current", "true");
    this.showWays();
    if (bring) this.bring(name);
    this.dispatchEvent(new CustomEvent("select", { detail: name }));
  }

  /** The phone stands here now. */
  stand(name) {
    this.cards.get(this.here)?.removeAttribute("data-here");
    this.here = name;
    this.cards.get(name)?.setAttribute("data-here", "");
    if (name) this.bring(name);
  }

  bring(name) {
    const card = this.drawing.cards.find((each) => each.name === name);
    if (!card) return;
    const { clientWidth, clientHeight } = this.root;
    const left = card.x * this.scale + this.x;
    const top = card.y * this.scale + this.y;
    const right = left + card.width * this.scale;
    const bottom = top + card.height * this.scale;
    const byX = left < ROOM ? ROOM - left : right > clientWidth - ROOM ? clientWidth - ROOM - right : 0;
    const byY = top < ROOM ? ROOM - top : bottom > clientHeight - ROOM ? clientHeight - ROOM - bottom : 0;
    if (byX || byY) this.glide(() => { this.x += byX; this.y += byY; });
  }

  /** The first look: as large as can be read, the beginning in the middle of the upper edge. */
  beginning() {
    const start = this.drawing.cards.find((card) => card.start) ?? this.drawing.cards[0];
    this.scale = 1;
    this.x = this.root.clientWidth / 2 - (start.x + start.width / 2);
    this.y = 72 - start.y;
    this.move();
  }

  fit() {
    const { width, height } = this.drawing;
    const { clientWidth, clientHeight } = this.root;
    this.glide(() => {
      this.scale = Math.min(MOST, Math.max(LEAST, Math.min(clientWidth / width, (clientHeight - 64) / height, 1)));
      this.x = (clientWidth - width * this.scale) / 2;
      this.y = Math.max(48, (clientHeight - height * this.scale) / 2);
    });
  }

  zoom(to, x = this.root.clientWidth / 2, y = this.root.clientHeight / 2) {
    const next = Math.min(MOST, Math.max(LEAST, to));
    this.x = x - ((x - this.x) * next) / this.scale;
    this.y = y - ((y - this.y) * next) / this.scale;
    this.scale = next;
    this.move();
  }

  glide(change) {
    this.root.setAttribute("data-gliding", "");
    change();
    this.move();
    setTimeout(() => this.root.removeAttribute("data-gliding"), 200);
  }

  move() {
    this.sheet.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.root.style.backgroundPosition = `${this.x}px ${this.y}px`;
    this.whole.textContent = `${Math.round(this.scale * 100)} %`;
  }

  wheel(event) {
    event.preventDefault();
    const box = this.root.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) {
      this.zoom(this.scale * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    } else {
      this.x -= event.deltaX;
      this.y -= event.deltaY;
      this.move();
    }
  }

  grab() {
    let held = null;
    this.root.addEventListener("pointerdown", (event) => {
      if (event.target.closest(".map-card") || event.button !== 0) return;
      held = { x: event.clientX - this.x, y: event.clientY - this.y };
      this.root.setPointerCapture(event.pointerId);
      this.root.setAttribute("data-grabbed", "");
    });
    this.root.addEventListener("pointermove", (event) => {
      if (!held) return;
      this.x = event.clientX - held.x;
      this.y = event.clientY - held.y;
      this.move();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      this.root.addEventListener(end, () => {
        held = null;
        this.root.removeAttribute("data-grabbed");
      });
    }
  }

  /** Arrows walk the ways: down to where the step leads, up to where it comes from, sideways along the row. */
  key(event) {
    const card = this.drawing?.cards.find((each) => each.name === this.selected);
    if (!card || !["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    const { cards, ways } = this.drawing;
    const row = cards.filter((each) => each.y === card.y).sort((one, other) => one.x - other.x);
    const beside = row.indexOf(card);
    const next = {
      ArrowDown: ways.find((way) => way.tree && way.source === card.name)?.target,
      ArrowUp: ways.find((way) => way.tree && way.target === card.name)?.source,
      ArrowLeft: row[beside - 1]?.name,
      ArrowRight: row[beside + 1]?.name,
    }[event.key];
    if (next) {
      this.select(next, true);
      this.cards.get(next).focus({ preventScroll: true });
    }
  }

  search(words) {
    const wanted = words.trim().toLocaleLowerCase();
    const fits = (card) => `${card.title} ${card.says}`.toLocaleLowerCase().includes(wanted);
    this.found = wanted ? this.drawing.cards.find(fits)?.name : null;
    if (this.found) this.bring(this.found);
    for (const card of this.drawing.cards) {
      this.cards.get(card.name).style.opacity = wanted && !fits(card) ? "0.35" : "";
    }
  }
}
