// The draft as this page knows it: what is saved, what is still on its way, and what came back.
//
// Events: "change" (a new state from the server), "checked" (the problems of what is typed, before it is saved),
// "saving" (what became of it).
// What is typed is kept in this browser until the server has it, so neither a lost connection nor a session that ends
// loses a letter. It is kept for who typed it: signing out clears it (Clear-Site-Data), and who signs in after somebody
// whose session just ended finds nothing of hers.
import { RefusedError, SignedOutError, begin, post, say } from "./page.js";

const QUIET_MS = 700; // what is typed is saved when the hands rest this long; it is checked at once
const AGAIN_MS = 3000; // and is tried again this often while there is no connection
const UNDO_STEPS = 100;
const KEPT = "frontdesk:"; // how all that is kept in this browser begins
const OWN = `${KEPT}${document.body.dataset.person}:`;

export class Draft extends EventTarget {
  constructor(address, { check = null } = {}) {
    super();
    this.address = address;
    this.checkAddress = check;
    this.state = begin.draft;
    this.waiting = [];
    this.sent = []; // what is being saved
    this.seen = null; // the mark of the problems that the page shows
    this.taken = 0; // how often the server's state was taken over
    this.undone = [];
    this.done = [];
    this.saving = "saved";
    this.savedAt = this.state.saved_at ? new Date(this.state.saved_at) : null;
    this.key = `${OWN}${address}`;
    this.timer = null;
    this.busy = false;
    addEventListener("online", () => this.flush());
    addEventListener("beforeunload", (event) => {
      if (this.waiting.length) event.preventDefault();
    });
    forgetOthers();
    this.recover();
  }

  /** One change asked for by a view. A newer value for the same place replaces one that has not gone out yet. */
  edit(edit, { soon = false } = {}) {
    if (!begin.may_edit) return;
    const last = this.waiting.at(-1);
    const same = last?.do === "set_value" && edit.do === "set_value" && JSON.stringify(last.path) === JSON.stringify(edit.path);
    if (same) this.waiting.pop();
    this.waiting.push(edit);
    this.later(soon ? 0 : QUIET_MS);
    if (!soon) this.look();
  }

  /** Everything at once: `{text}` of the YAML view and the FAQ, `{document}` of the hours. */
  write(body, { soon = false } = {}) {
    if (!begin.may_edit) return;
    this.waiting = [{ do: "whole", body }];
    this.later(soon ? 0 : QUIET_MS);
    if (!soon) this.look();
  }

  /** What would be wrong with what is typed, without saving it; one question at a time, always about the newest. */
  async look(typed = performance.now()) {
    const edits = [...this.sent, ...this.waiting];
    if (!this.checkAddress || !edits.length) return;
    if (this.looking) {
      this.lookAgain ??= typed;
      return;
    }
    this.looking = true;
    const { taken } = this;
    try {
      const { mark, problems } = await post(this.checkAddress, { ...this.body(edits), seen: this.seen });
      if (taken !== this.taken) this.lookAgain ??= typed; // what was saved meanwhile is newer than this answer
      else if (mark === null) this.behind ??= typed;
      else this.told(mark, problems, typed);
    } catch {
      // The next save says what is the matter.
    }
    this.looking = false;
    const next = this.lookAgain;
    this.lookAgain = undefined;
    if (next !== undefined) this.look(next);
  }

  /** The page shows the problems of the newest letter; without `problems` they are those that it shows already. */
  told(mark, problems, typed) {
    this.seen = mark;
    if (problems) {
      this.state = { ...this.state, problems };
      this.dispatchEvent(new Event("checked"));
    }
    performance.measure("frontdesk-checked", { start: typed });
  }

  /** A text that replaces all, if there is one, and what was edited in it since. */
  body(edits) {
    const whole = edits.findLastIndex((each) => each.do === "whole");
    const since = edits.slice(whole + 1);
    return { revision: this.state.revision, ...edits[whole]?.body, ...(since.length ? { edits: since } : {}) };
  }

  /** Nobody has written anything yet: no mistake, but a beginning. */
  get empty() { return (this.state.text ?? "x").trim() === ""; }

  get canUndo() { return this.done.length > 0; }
  get canRedo() { return this.undone.length > 0; }

  undo() { this.turnBack(this.done, this.undone); }
  redo() { this.turnBack(this.undone, this.done); }

  turnBack(from, to) {
    const text = from.pop();
    if (text === undefined) return;
    to.push(this.state.text);
    this.waiting = [{ do: "whole", body: { text }, turned: true }];
    this.later(0);
  }

  later(wait) {
    this.keep();
    this.tell("unsaved");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.busy || !this.waiting.length) return;
    const sent = this.waiting;
    this.waiting = [];
    this.sent = sent;
    this.busy = true;
    this.tell("saving");
    try {
      const last = sent.at(-1);
      const before = this.state.text;
      const state = await post(this.address, this.body(sent));
      if (!last.turned && before !== undefined && state.text !== before) {
        this.done.push(before);
        if (this.done.length > UNDO_STEPS) this.done.shift();
        this.undone = [];
      }
      this.take(state);
      this.tell("saved");
    } catch (error) {
      this.failed(error, sent);
    } finally {
      this.busy = false;
      this.sent = [];
    }
    if (this.behind !== undefined) this.look(this.behind);
    this.behind = undefined;
    if (this.waiting.length && this.saving === "saved") this.later(0);
    this.keep();
  }

  take(state) {
    this.state = state;
    this.seen = null;
    this.taken += 1;
    this.savedAt = new Date();
    this.dispatchEvent(new Event("change"));
  }

  failed(error, sent) {
    if (error instanceof RefusedError && error.status === 409) {
      this.waiting = [...sent, ...this.waiting];
      this.theirs = error.answer.theirs;
      this.tell("conflict", error.message);
    } else if (error instanceof RefusedError) {
      this.tell("refused", error.message);
      this.dispatchEvent(new Event("change")); // the views show again what holds
    } else {
      this.waiting = [...sent, ...this.waiting];
      this.tell(error instanceof SignedOutError ? "signed_out" : "offline");
      this.timer = setTimeout(() => this.flush(), AGAIN_MS);
    }
  }

  /** After a conflict: mine over theirs, or theirs and mine is dropped. */
  settle(keepMine) {
    const mine = this.waiting;
    this.take(this.theirs);
    this.waiting = keepMine ? mine : [];
    if (keepMine) this.later(0);
    else this.tell("saved");
    this.keep();
  }

  tell(saving, reason = "") {
    this.saving = saving;
    this.reason = reason;
    this.dispatchEvent(new Event("saving"));
  }

  /** What has not been saved survives this page. */
  keep() {
    try {
      if (this.waiting.length) localStorage.setItem(this.key, JSON.stringify({ revision: this.state.revision, waiting: this.waiting }));
      else localStorage.removeItem(this.key);
    } catch {
      // A browser without storage keeps what is typed as long as the page is open.
    }
  }

  recover() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return;
    }
    if (!kept?.waiting?.length || !begin.may_edit) return;
    this.waiting = kept.waiting;
    if (kept.revision === this.state.revision) this.later(0);
    else {
      this.theirs = this.state;
      queueMicrotask(() => this.tell("conflict", say("unsaved")));
    }
  }
}

/** A browser at a counter is everybody's: what another person left unsaved is not for this one to read. */
function forgetOthers() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(KEPT) && !key.startsWith(OWN)) localStorage.removeItem(key);
    }
  } catch {
    // A browser without storage has kept nothing.
  }
}
