// How one message looks. Text from a flow becomes text nodes only, never markup.

import { card, webAddress } from "/chat/cards.js";
import { language, text } from "/chat/texts.js";

const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child != null && child !== ""));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/chat/icon.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A message of the bot; `onChoose(option, type)` is called for a tapped button, `onOpen(message)` for a list. */
export function botMessage(message, { onChoose, onOpen }) {
  const bubble = element(
    "div",
    "bubble",
    element("span", "sr-only", `${text("bot")}: `),
    message.header && element("p", "bubble-header", message.header),
    card(message),
    message.text && richText(message.text),
    message.footer && element("p", "bubble-footer", message.footer),
    element("span", "stamp", clock(message.at)),
  );
  const item = element("li", "from-bot", bubble);
  if (message.type === "buttons") {
    item.append(...message.options.map((option) => choiceButton(option.title, null, () => onChoose(option, "button"))));
  }
  if (message.type === "link_button") {
    const anchor = link(message.url, message.title);
    anchor.className = "choice";
    item.append(anchor);
  }
  if (message.type === "list") {
    item.append(choiceButton(message.button, "list", (event) => onOpen(message, event.currentTarget)));
  }
  const sent = wire(message.shown_as);
  if (sent) item.append(sent);
  return item;
}

/** A message of the customer; `onRetry` is called when one that was not sent is tapped. */
export function customerMessage(message, { onRetry }) {
  const body = element("p", "words", message.text);
  const ticks = { sending: "clock", sent: "tick", answered: "ticks", failed: "clock" }[message.state];
  const state = element("span", "state", icon(ticks), element("span", "sr-only", text(stateWord(message.state))));
  const bubble = element(
    "div",
    "bubble",
    element("span", "sr-only", `${text("you")}: `),
    body,
    element("span", "stamp", clock(message.at), state),
  );
  const item = element("li", `from-customer is-${message.state}`, bubble);
  if (message.state === "failed") {
    const retry = element("button", "retry", text("not_sent"));
    retry.type = "button";
    retry.addEventListener("click", onRetry);
    item.append(retry);
  }
  return item;
}

export function daySeparator(at) {
  const date = new Date(at);
  const today = new Date();
  const yesterday = new Date(today);
  yesterday.setDate(today.getDate() - 1);
  const name = sameDay(date, today) ? text("today") : sameDay(date, yesterday) ? text("yesterday") : day.format(date);
  return element("li", "day", element("span", "", name));
}

export const sameDay = (one, other) => new Date(one).toDateString() === new Date(other).toDateString();

const stateWord = (state) => (state === "failed" ? "not_sent" : state);
const clock = (at) => time.format(new Date(at));

function choiceButton(title, iconName, onClick) {
  const button = element("button", "choice", iconName && icon(iconName), element("span", "", title));
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}

// WhatsApp's own marks (*bold*, _italic_, ~struck~), around whole words on one line, and web addresses.
const MARKS = /(^|[\s([{¡¿"'])([*_~])(\S|\S[^\n]*?\S)\2(?=$|[\s.,;:!?)\]}"'])|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/gm;
const TAGS = { "*": "strong", _: "em", "~": "s" };

function richText(source) {
  const paragraph = element("p", "words");
  let end = 0;
  for (const match of source.matchAll(MARKS)) {
    const [whole, before, mark, inner, address] = match;
    paragraph.append(source.slice(end, match.index), before ?? "");
    paragraph.append(address ? link(address) : element(TAGS[mark], "", inner));
    end = match.index + whole.length;
  }
  paragraph.append(source.slice(end));
  return paragraph;
}

function link(address, words = address) {
  const anchor = element("a", "", words);
  anchor.href = webAddress(address);
  anchor.rel = "noopener noreferrer";
  anchor.target = "_blank";
  return anchor;
}

/** What the chosen channel is sent for it, for whoever wants to see. */
function wire(shown) {
  if (!shown) return null;
  const changes = shown.changes.length ? ` · ${shown.changes.join(", ")}` : "";
  const details = element("details", "wire", element("summary", "", text("wire") + changes));
  details.append(element("pre", "", shown.messages.map((message) => JSON.stringify(message, null, 1)).join("\n\n")));
  return details;
}
