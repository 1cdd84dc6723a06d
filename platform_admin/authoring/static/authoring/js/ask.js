// One question in a small window of the page's own; the answer, or null when it was put aside.
import { element, say } from "./page.js";

export function ask(question, answer = "") {
  const field = element("input", { class: "input", value: answer, maxlength: 200, required: true });
  return asked(question, field, () => field.select());
}

/** Which of these steps? `cards` are those of the map. */
export function askStep(question, cards) {
  const field = element("select", { class: "input" }, ...cards.map((card) => element("option", { value: card.name }, card.title)));
  return asked(question, field, () => field.focus());
}

function asked(question, field, begin) {
  return new Promise((resolve) => {
    const window_ = element("dialog", { class: "ask card" },
      element("form", { method: "dialog" },
        element("label", { class: "field" }, question, field),
        element("p", { class: "ask-do" },
          element("button", { type: "button", class: "button", onclick: () => window_.close() }, say("put_aside")),
          element("button", { class: "button button-main", value: "ok" }, say("go_on")))));
    window_.addEventListener("close", () => {
      window_.remove();
      resolve(window_.returnValue === "ok" ? field.value.trim() || null : null);
    });
    document.body.append(window_);
    window_.showModal();
    begin();
  });
}
