// The switch that lets the chat ask the business's own connections: marked while it is on, and gone with the page.
import { RefusedError, post, say } from "./page.js";

export class RealSwitch {
  constructor(input, phone) {
    Object.assign(this, { input, phone });
    this.given = null; // the server's word for this page
    this.chat = 0; // a chat that begins anew asks anew
    this.frame = document.querySelector(".phone");
    this.promise = document.getElementById("phone-promise");
    this.pretends = this.promise.textContent;
    input.checked = false; // a browser that remembers fields does not switch it on
    input.addEventListener("change", () => (input.checked ? this.on() : this.leave()));
    addEventListener("pagehide", () => this.given && this.tell(false, { keepalive: true }).catch(() => {}));
  }

  async on() {
    try {
      const { word, asks } = await this.tell(true);
      this.given = word;
      this.frame.dataset.real = "";
      this.promise.textContent = say("asks_for_real", { names: asks.join(", ") });
      this.anew();
      await this.phone.play();
    } catch (error) {
      this.off();
      this.phone.note(error instanceof RefusedError ? error.message : say("offline"));
    }
  }

  async leave() {
    this.off();
    await this.tell(false).catch(() => {}); // it ends with the word all the same
    await this.phone.play();
  }

  off() {
    this.given = null;
    this.input.checked = false;
    delete this.frame.dataset.real;
    this.promise.textContent = this.pretends;
  }

  anew() { this.chat += 1; }

  /** What a request of the phone carries while it is on. */
  word() { return this.given ? { real: { word: this.given, chat: this.chat } } : {}; }

  tell(on, options) { return post(this.input.dataset.address, { on }, options); }
}
