// The line to the runtime: a session, messages out by POST, what the bot says in as server-sent events.
// EventSource cannot send a header, and the visitor's id must not stand in an address; so the stream is read by fetch.

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30000;

export class Connection {
  #base;
  #memory;
  #session = null;

  constructor(base, memory) {
    this.#base = base;
    this.#memory = memory;
  }

  get memory() {
    return this.#memory;
  }

  /** {name, language, isNew}; opens a session at the first call. */
  session() {
    this.#session ??= this.#open().catch((error) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }

  async #open() {
    const known = this.#memory.visitor;
    const answer = await this.#post("session", known ? { visitor: known } : {});
    if (!answer.ok) throw new Error(String(answer.status));
    const { visitor, name, language } = await answer.json();
    const isNew = known?.split(".")[0] !== visitor.split(".")[0];
    if (isNew) this.#memory.startOver(); // what another visitor said is not this one's
    this.#memory.visitor = visitor;
    return { name, language, isNew };
  }

  /** True once it is stored. Saying it again after a lost answer is safe: the runtime knows its id. */
  async say(message) {
    await this.session();
    const answer = await this.#post("messages", message, true);
    if (answer.status === 401) this.#session = null;
    if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { isFinal: answer.status === 422 });
  }

  /** Follow what the bot says, for ever. `onMessage(message)`, `onWorking()`, `onTrouble(isOffline)`. */
  async follow({ onMessage, onWorking, onTrouble }) {
    let last = 0;
    let failures = 0;
    for (;;) {
      try {
        await this.session();
        await this.#read(last, {
          onOpen: () => onTrouble(false),
          onWorking,
          onMessage: (message) => {
            failures = 0;
            last = message.cursor;
            onMessage(message);
          },
        });
      } catch (error) {
        if (error.status === 401) this.#session = null;
        failures += 1;
        onTrouble(true);
      }
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** Math.max(failures - 1, 0), LONGEST_PAUSE_MS));
    }
  }

  async #read(last, { onOpen, onWorking, onMessage }) {
    const headers = { ...this.#authorization(), "Last-Event-ID": String(last) };
    const answer = await fetch(new URL("events", this.#base), { headers, cache: "no-store" });
    if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { status: answer.status });
    onOpen();
    let kept = "";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (kept + value).split("\n\n");
      kept = events.pop();
      for (const event of events) {
        const lines = event.split("\n");
        const data = lines.find((line) => line.startsWith("data: "));
        if (lines.includes("event: working")) onWorking();
        else if (data) onMessage(JSON.parse(data.slice(6)));
      }
    }
  }

  #post(path, body, isVisitor = false) {
    const headers = { "Content-Type": "application/json", ...(isVisitor ? this.#authorization() : {}) };
    return fetch(new URL(path, this.#base), { method: "POST", headers, body: JSON.stringify(body) });
  }

  #authorization() {
    return { Authorization: `Bearer ${this.#memory.visitor}` };
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
