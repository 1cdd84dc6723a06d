// The phone: a list of moves, played anew by the server after each of them and after each change of the draft.
import { RefusedError, begin, element, post, say } from "./page.js";

export class Phone extends EventTarget {
  constructor(root, address, draft) {
    super();
    Object.assign(this, { root, address, draft });
    this.moves = [];
    this.chat = root.querySelector("#phone-chat");
    this.channel = root.querySelector("#phone-channel");
    this.turn = 0;
    this.channel?.addEventListener("change", () => this.play());
    root.querySelector("#phone-say").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = event.target.elements.text;
      const text = field.value.trim();
      if (!text) return;
      field.value = "";
      this.make({ do: "say", text });
    });
    root.querySelector("#phone-restart").addEventListener("click", () => {
      this.moves = [];
      this.real?.anew();
      for (const chip of root.querySelectorAll("[aria-pressed=true]")) chip.setAttribute("aria-pressed", "false");
      this.play();
    });
    for (const chip of root.querySelectorAll("[data-move]")) chip.addEventListener("click", () => this.make(JSON.parse(chip.dataset.move)));
    for (const chip of root.querySelectorAll("[data-fault]")) chip.addEventListener("click", () => this.fault(chip));
    for (const button of root.querySelectorAll("[data-send]")) button.addEventListener("click", () => this.send(button.dataset.send));
    root.querySelector("[data-old]")?.addEventListener("click", () => this.tapOld());
    draft.addEventListener("change", () => this.play());
  }

  make(move) {
    this.moves.push(move);
    return this.play();
  }

  send(type) {
    const content = type === "location" ? { latitude: 40.4168, longitude: -3.7038 } : {};
    return this.make({ do: "send", type, content });
  }

  /** A chip is pressed or let go; another one of the same connector goes up. */
  fault(chip) {
    const on = chip.getAttribute("aria-pressed") !== "true";
    const { fault: connector, kind } = chip.dataset;
    for (const other of this.root.querySelectorAll(`[data-fault=${connector}]`)) other.setAttribute("aria-pressed", "false");
    chip.setAttribute("aria-pressed", String(on));
    return this.make({ do: "fault", connector, kind: on ? kind : null });
  }

  tapOld() {
    const turns = this.offers ?? [];
    const old = turns.slice(0, -1).findLast((turn) => turn.length);
    if (!old) return this.note(say("nothing_old"));
    return this.make({ do: "tap", payload: old[0], old: true });
  }

  async play() {
    const turn = (this.turn += 1);
    if (this.draft.empty) return this.chat.replaceChildren(); // the map says what to begin with
    const started = performance.now();
    try {
      const played = await post(this.address, { ...this.script(), ...this.real?.word() });
      if (turn !== this.turn) return;
      this.show(played);
      for (const trouble of played.real?.troubles ?? []) this.note(trouble);
      performance.measure("frontdesk-reply", { start: started });
    } catch (error) {
      if (error.answer?.real === null) this.real?.off();
      if (turn === this.turn) this.note(error instanceof RefusedError ? error.message : say("offline"));
    }
  }

  script() {
    return { now: begin.now, channel: this.channel?.value ?? "whatsapp", contact: { name: "Ana", language: null }, moves: this.moves };
  }

  /** What a text says to show this, into the clipboard. */
  async copy(blank) {
    await navigator.clipboard?.writeText(blank);
    this.note(say("copied_blank", { blank }));
  }

  note(words) {
    this.chat.querySelector(".phone-note")?.remove();
    this.chat.append(element("li", { class: "from-clock phone-note" }, words));
    this.chat.scrollTop = this.chat.scrollHeight;
  }

  show(played) {
    this.offers = [];
    this.chat.replaceChildren(...played.bubbles.map((bubble) => this.bubble(bubble)));
    if (!played.bubbles.length) this.note(say("say_hello"));
    if (played.problem) this.note(played.problem);
    if (played.paused) {
      this.chat.append(element("li", { class: "from-clock" }, say("paused"), " ",
        element("button", { type: "button", class: "link", onclick: () => this.make({ do: "hand_back" }) }, say("hand_back"))));
    }
    this.chat.scrollTop = this.chat.scrollHeight;
    const clock = new Date(played.now);
    const shown = this.root.querySelector("#phone-clock");
    if (shown) shown.textContent = clock.toLocaleString(document.documentElement.lang, {
      weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: begin.timezone,
    });
    const facts = Object.entries(played.data).filter(([, value]) => typeof value !== "object" || value === null);
    this.root.querySelector("#phone-data dl")?.replaceChildren(...facts.flatMap(([name, value]) => [
      element("dt", {}, element("button", { type: "button", class: "link", title: say("copy_blank", { name }), onclick: () => this.copy(`{{ data.${name} }}`) }, name)),
      element("dd", {}, String(value)),
    ]));
    this.played = played;
    this.dispatchEvent(new CustomEvent("stand", { detail: played }));
  }

  bubble({ by, text, output, why, state }) {
    if (by === "clock") return element("li", { class: "from-clock" }, text);
    if (by === "customer") {
      return element("li", { class: "from-customer" }, element("p", { class: "bubble" }, text.replace(/^\[(.*)\]$/, "$1")));
    }
    const item = element("li", { class: "from-bot", "data-state": state }, ...this.output(output));
    if (why.length) {
      item.append(element("details", { class: "why" }, element("summary", {}, say("why")), element("ol", {}, ...why.map((words) => element("li", {}, words)))));
    }
    return item;
  }

  output(output) {
    const words = [
      output.header ? element("header", {}, output.header) : "",
      output.body ?? output.text ?? output.caption ?? output.name ?? output.emoji ?? "",
      output.footer ? element("footer", {}, output.footer) : "",
    ];
    const bubble = element("div", { class: "bubble" }, ...words);
    const turn = [];
    this.offers.push(turn);
    const tap = (option) => {
      turn.push(option.id);
      return element("button", { type: "button", class: "tap", onclick: () => this.make({ do: "tap", payload: option.id }) },
        option.title, option.description ? element("small", {}, option.description) : "");
    };
    switch (output.kind) {
      case "buttons":
        return [bubble, ...output.buttons.map(tap)];
      case "list":
        return [bubble, element("details", { class: "phone-list", open: true }, element("summary", {}, output.button || say("menu_list")),
          ...output.sections.flatMap((section) => section.rows.map(tap)))];
      case "link_button":
        return [bubble, element("span", { class: "tap" }, `↗ ${output.title}`)];
      case "location":
        return [element("div", { class: "bubble" }, "📍 ", output.name ?? `${output.latitude}, ${output.longitude}`)];
      case "media":
        return [element("div", { class: "bubble" }, `▣ ${output.filename ?? output.url}`), ...(output.caption ? [bubble] : [])];
      case "location_request":
      case "contact_info_request":
        return [bubble, element("span", { class: "tap" }, output.kind === "location_request" ? "📍" : "☎")];
      default:
        return [bubble];
    }
  }
}
