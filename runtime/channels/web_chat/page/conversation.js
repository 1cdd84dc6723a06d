// The one piece of state: what both sides said, in order, and whether an answer is expected. Tells whoever listens.

const PATIENCE_MS = 20000; // how long "writing" is believable
const RETRY_MS = [1000, 3000, 8000]; // a tunnel, a lift; after that the visitor is asked

export class Conversation extends EventTarget {
  #connection;
  #timer = 0;
  heard = [];
  isOffline = false;
  isWaiting = false;

  constructor(connection) {
    super();
    this.#connection = connection;
  }

  get said() {
    return this.#connection.memory.said;
  }

  /** Everything, in order: what the visitor said stands behind what it was said after. */
  get lines() {
    const said = [...this.said];
    const lines = [];
    const takeSaid = (before) => {
      while (said.length && said[0].after < before) lines.push({ by: "visitor", message: said.shift() });
    };
    for (const message of this.heard) {
      takeSaid(message.cursor);
      lines.push({ by: "bot", message });
    }
    takeSaid(Infinity);
    return lines;
  }

  /** What was chosen under a message of the bot; nothing where it was not answered by a tap. */
  choiceUnder(message) {
    return this.said.find((one) => one.under === message.id)?.payload;
  }

  start() {
    for (const message of this.said) if (message.state === "sending") this.deliver(message);
    this.#connection.follow({
      onMessage: (message) => {
        this.heard.push(message);
        this.#wait(false);
        this.#changed(message);
      },
      onWorking: () => {
        this.#wait(true);
        this.#changed();
      },
      onTrouble: (isOffline) => {
        if (isOffline === this.isOffline) return;
        this.isOffline = isOffline;
        this.#changed();
      },
    });
  }

  say(content, under) {
    const after = this.heard.at(-1)?.cursor ?? 0;
    const message = { id: newId(), ...content, after, under: under?.id, at: new Date().toISOString(), state: "sending" };
    this.#connection.memory.add(message);
    this.deliver(message);
  }

  async deliver(message, attempt = 0) {
    message.state = "sending";
    this.#wait(true);
    this.#changed();
    const { id, type, text, payload, latitude, longitude } = message;
    try {
      await this.#connection.say({ id, type, text, payload, latitude, longitude });
      message.state = "sent";
    } catch (error) {
      if (!error.isFinal && attempt < RETRY_MS.length) {
        setTimeout(() => this.deliver(message, attempt + 1), RETRY_MS[attempt]);
        return;
      }
      message.state = "failed";
      this.#wait(false);
    }
    this.#connection.memory.save();
    this.#changed();
  }

  #wait(isWaiting) {
    clearTimeout(this.#timer);
    this.isWaiting = isWaiting;
    if (isWaiting) this.#timer = setTimeout(() => (this.#wait(false), this.#changed()), PATIENCE_MS);
  }

  #changed(message) {
    this.dispatchEvent(new CustomEvent("change", { detail: message }));
  }
}

/** 128 random bits; `randomUUID` would be there on encrypted pages only. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
