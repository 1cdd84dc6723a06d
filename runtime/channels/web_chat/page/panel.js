// The frame: a button that floats on the page, and the panel it opens. Draws the conversation whenever it changes.

import { botLine, visitorLine } from "./bubbles.js";
import { icon, make } from "./elements.js";

const NEAR_END_PX = 80;

export class Panel {
  #parts = {};
  #unread = 0;

  constructor({ root, words, conversation, connection, isInline }) {
    Object.assign(this, { root, words, conversation, connection, isInline, name: "" });
    this.#build();
    conversation.addEventListener("change", (event) => this.#changed(event.detail));
    if (isInline) this.open();
    else if (connection.memory.visitor) this.#begin(); // a visitor who comes back may have an answer waiting
  }

  get isOpen() {
    return !this.#parts.panel.hidden;
  }

  async open() {
    const { panel, launcher, draft } = this.#parts;
    panel.hidden = false;
    launcher.setAttribute("aria-expanded", "true");
    this.#unread = 0;
    this.#draw();
    this.#toEnd();
    draft.focus({ preventScroll: true });
    await this.#begin();
    if (!this.conversation.said.length && !this.conversation.heard.length) this.conversation.say({ type: "welcome", text: "" });
  }

  close() {
    this.#parts.panel.hidden = true;
    this.#parts.launcher.setAttribute("aria-expanded", "false");
    this.#parts.launcher.focus();
  }

  #build() {
    const { words } = this;
    const parts = this.#parts;
    parts.title = make("h2", { id: "title" });
    parts.status = make("p", { class: "status", role: "status" });
    parts.log = make("ol", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": words.conversation });
    parts.waiting = make("div", { class: "waiting", hidden: true }, make("span", { class: "unseen" }, words.writing), make("i"), make("i"), make("i"));
    parts.paper = make("div", { class: "paper", tabindex: "0", "aria-label": words.conversation, role: "region" }, parts.log, parts.waiting);
    parts.draft = make("textarea", { id: "draft", rows: "1", maxlength: "4096", enterkeyhint: "send", placeholder: words.write });
    parts.send = make("button", { class: "send", type: "submit", disabled: true, "aria-label": words.send }, icon("send"));
    parts.composer = make("form", { class: "composer" }, make("label", { class: "unseen", for: "draft" }, words.write), parts.draft, parts.send);
    const close = make("button", { class: "quiet", type: "button", "aria-label": words.close, onclick: () => this.close() }, icon("close"));
    parts.avatar = make("span", { class: "avatar", "aria-hidden": "true" });
    parts.panel = make("section",
      { class: this.isInline ? "panel is-inline" : "panel", role: this.isInline ? "region" : "dialog", "aria-labelledby": "title", hidden: true, lang: words.language },
      make("header", { class: "bar" }, parts.avatar, make("div", { class: "who" }, parts.title, parts.status), !this.isInline && close),
      parts.paper, parts.composer);
    parts.badge = make("span", { class: "badge", hidden: true });
    parts.launcher = make("button",
      { class: "launcher", type: "button", "aria-expanded": "false", "aria-label": words.open, lang: words.language, hidden: this.isInline,
        onclick: () => (this.isOpen ? this.close() : this.open()) },
      icon("chat"), icon("open"), parts.badge);
    this.root.append(parts.panel, parts.launcher);
    this.#listen();
  }

  #listen() {
    const { draft, composer, panel } = this.#parts;
    composer.addEventListener("submit", (event) => (event.preventDefault(), this.#submit()));
    draft.addEventListener("input", () => this.#grow());
    draft.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.isInline) this.close();
    });
  }

  /** Once: say whose chat this is and follow it. */
  async #begin() {
    this.begun ??= this.#greet();
    await this.begun;
  }

  async #greet() {
    for (;;) {
      try {
        this.name = (await this.connection.session()).name;
        break;
      } catch {
        this.#parts.status.textContent = this.words.offline;
        await new Promise((resolve) => setTimeout(resolve, 5000));
      }
    }
    this.#parts.title.textContent = this.name;
    this.#parts.avatar.textContent = (this.name.match(/[\p{L}\p{N}]/u)?.[0] ?? "·").toUpperCase();
    this.#parts.launcher.setAttribute("aria-label", `${this.words.open} · ${this.name}`);
    this.conversation.start();
    this.#draw();
  }

  #submit() {
    const { draft } = this.#parts;
    const text = draft.value.trim();
    if (!text) return;
    draft.value = "";
    this.#grow();
    this.conversation.say({ type: "text", text });
    draft.focus();
  }

  #choose(option, type, message) {
    this.conversation.say({ type, text: option.title, payload: option.id }, message);
    this.#parts.draft.focus({ preventScroll: true });
  }

  #locate(message) {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.conversation.say({ type: "location", text: "", latitude: coords.latitude, longitude: coords.longitude }, message),
      () => (this.#parts.status.textContent = this.words.no_location));
  }

  #changed(message) {
    if (message && !this.isOpen && this.conversation.said.length) this.#unread += 1;
    this.#draw();
  }

  #draw() {
    const { log, paper, waiting, status, badge } = this.#parts;
    const wasNearEnd = paper.scrollHeight - paper.scrollTop - paper.clientHeight < NEAR_END_PX;
    const lines = this.conversation.lines.map((line) => this.#line(line)).filter(Boolean);
    const hadFocus = this.root.activeElement?.closest?.(".line");
    patch(log, lines);
    if (hadFocus && !hadFocus.isConnected) this.#parts.draft.focus({ preventScroll: true });
    waiting.hidden = !this.conversation.isWaiting;
    status.textContent = this.conversation.isOffline ? this.words.offline : this.words.online;
    status.classList.toggle("is-offline", this.conversation.isOffline);
    badge.hidden = !this.#unread;
    badge.textContent = this.#unread > 9 ? "9+" : String(this.#unread);
    if (wasNearEnd || this.conversation.lines.at(-1)?.by === "visitor") this.#toEnd();
  }

  #line({ by, message }) {
    const { words, name } = this;
    if (by === "visitor") return visitorLine(message, { words, onRetry: () => this.conversation.deliver(message) });
    return botLine(message, {
      words,
      name,
      choice: this.conversation.choiceUnder(message),
      onChoose: (option, type) => this.#choose(option, type, message),
      onLocate: () => this.#locate(message),
    });
  }

  #grow() {
    const { draft, send } = this.#parts;
    send.disabled = !draft.value.trim();
    draft.style.height = "auto";
    draft.style.height = `${draft.scrollHeight}px`;
  }

  #toEnd() {
    this.#parts.paper.scrollTop = this.#parts.paper.scrollHeight;
  }
}

/** Keep what is unchanged, so that a screen reader hears only what is new and focus stays where it is. */
function patch(log, lines) {
  const old = new Map([...log.children].map((line) => [line.dataset.key, line]));
  lines.forEach((line, index) => {
    const shown = old.get(line.dataset.key);
    const kept = shown && fingerprint(shown) === fingerprint(line) ? shown : line;
    if (shown && kept !== shown) shown.replaceWith(kept);
    if (log.children[index] !== kept) log.insertBefore(kept, log.children[index] ?? null);
  });
  while (log.children.length > lines.length) log.lastElementChild.remove();
}

/** What a line shows; whether its list is open is its own affair. */
function fingerprint(line) {
  return `${line.className}|${line.textContent}|${line.querySelectorAll(":disabled").length}`;
}
