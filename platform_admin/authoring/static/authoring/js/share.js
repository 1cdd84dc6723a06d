// The window with the links to the draft: made, copied, taken back.
import { RefusedError, element, get, post, say } from "./page.js";

export function shareDraft(address) {
  const list = element("ul", { class: "links" });
  const told = element("p", { class: "hint", role: "status" });
  const show = ({ links }) => list.replaceChildren(...links.map(row));
  const doing = async (action) => {
    try {
      show(await action());
      told.textContent = "";
    } catch (error) {
      told.textContent = error instanceof RefusedError ? error.message : say("offline");
    }
  };
  const row = ({ id, address: link, until }) => {
    const field = element("input", { class: "input", readonly: true, value: link, "aria-label": say("link") });
    const day = new Date(until).toLocaleDateString(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" });
    return element("li", {},
      element("div", { class: "row" }, field, element("button", { type: "button", class: "button button-small", onclick: async () => {
        field.select();
        await navigator.clipboard?.writeText(link);
        told.textContent = say("copied");
      } }, say("copy"))),
      element("p", { class: "hint" }, say("works_until", { day }), " · ",
        element("button", { type: "button", class: "link link-danger", onclick: () => doing(() => post(`${address}/${id}`, {})) }, say("take_back"))));
  };
  const window_ = element("dialog", { class: "ask card" },
    element("h2", {}, say("share_title")), element("p", { class: "quiet" }, say("share_about")), list, told,
    element("p", { class: "ask-do" },
      element("button", { type: "button", class: "button", onclick: () => window_.close() }, say("close")),
      element("button", { type: "button", class: "button button-main", onclick: () => doing(() => post(address, {})) }, say("new_link"))));
  window_.addEventListener("close", () => window_.remove());
  document.body.append(window_);
  window_.showModal();
  doing(() => get(address));
}
