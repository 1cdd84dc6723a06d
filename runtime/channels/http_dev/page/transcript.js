// What the customer said, kept in this browser. What the bot said is the runtime's and is read from there.

const KEPT_MESSAGES = 300; // a long afternoon of trying things out
const PREFIX = `frontdesk.chat.${document.documentElement.dataset.tenant}`;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(`${PREFIX}.${name}`));
  } catch {
    return null; // storage is off or was tampered with: the page works without it
  }
}

function write(name, value) {
  try {
    localStorage.setItem(`${PREFIX}.${name}`, JSON.stringify(value));
  } catch {
    // A private window: the conversation lives as long as the tab.
  }
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One customer of one tenant, as this browser plays it. */
export class Transcript {
  constructor() {
    this.contactId = read("contact") ?? this.#newContact();
    this.said = read("said") ?? [];
  }

  /** A message of the customer. `after` is the bot's last cursor then; it places the message between the bot's. */
  add({ text, payload, type, after }) {
    const message = { id: `web-${randomId()}${randomId()}`, text, payload, type, after, at: new Date().toISOString(), state: "sending" };
    this.said = [...this.said, message].slice(-KEPT_MESSAGES);
    write("said", this.said);
    return message;
  }

  mark(message, state) {
    message.state = state;
    write("said", this.said);
  }

  /** What the conversation is shaped for; a customer has one, so another channel is another customer. */
  get channel() {
    return read("channel") ?? "";
  }

  set channel(channel) {
    write("channel", channel);
    this.startOver();
  }

  startOver() {
    this.said = [];
    write("said", this.said);
    this.contactId = this.#newContact();
  }

  #newContact() {
    const contactId = `web-${randomId()}`;
    write("contact", contactId);
    return contactId;
  }
}
