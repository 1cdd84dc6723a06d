// What the browser keeps between two visits: the signed id, and what the visitor said. Gone with the browser's data.

const MOST_SAID = 200; // a long conversation; what is older is not shown again

export class Memory {
  #key;
  #kept = { visitor: null, said: [] };

  constructor(origin) {
    this.#key = `frontdesk-chat ${origin}`;
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key));
      if (kept && Array.isArray(kept.said)) this.#kept = kept;
    } catch {
      // No storage, or not ours: the conversation then lasts as long as the page.
    }
  }

  get visitor() {
    return this.#kept.visitor;
  }

  set visitor(token) {
    this.#kept.visitor = token;
    this.save();
  }

  get said() {
    return this.#kept.said;
  }

  add(message) {
    this.#kept.said.push(message);
    this.#kept.said.splice(0, this.#kept.said.length - MOST_SAID);
    this.save();
  }

  /** Another visitor from here on: what was said belongs to the last one. */
  startOver() {
    this.#kept = { visitor: null, said: [] };
    this.save();
  }

  save() {
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#kept));
    } catch {
      // As above.
    }
  }
}
