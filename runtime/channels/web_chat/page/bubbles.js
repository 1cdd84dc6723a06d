// One line of the conversation as an element: what the bot said with its choices and cards, what the visitor said.

import { icon, link, linked, make } from "./elements.js";

const MAP = "https://www.openstreetmap.org/";

/** A line of the bot. `choice` is the id that was tapped under it, if any; `onChoose(option, type)`, `onLocate()`. */
export function botLine(message, { words, name, choice, onChoose, onLocate }) {
  const said = [
    message.header && make("p", { class: "header" }, message.header),
    card(message, words),
    message.text && make("p", { class: "words" }, ...linked(message.text)),
    message.footer && make("p", { class: "footer" }, message.footer),
  ].filter(Boolean);
  const actions = offered(message, { words, choice, onChoose, onLocate });
  return make("li", { class: "line bot", "data-key": message.id },
    make("span", { class: "unseen" }, `${name}: `),
    said.length ? make("div", { class: "bubble" }, ...said) : null,
    actions);
}

/** A line of the visitor. */
export function visitorLine(message, { words, onRetry }) {
  if (message.type === "welcome") return null;
  const text = message.type === "location" ? words.my_location : message.text;
  const state = message.state === "failed"
    ? make("button", { class: "retry", type: "button", onclick: onRetry }, words.not_sent)
    : message.state === "sending" && make("span", { class: "state" }, words.sending);
  return make("li", { class: `line visitor is-${message.state}`, "data-key": message.id },
    make("span", { class: "unseen" }, `${words.you}: `),
    make("div", { class: "bubble" }, make("p", { class: "words" }, text)),
    state);
}

function offered(message, { words, choice, onChoose, onLocate }) {
  switch (message.type) {
    case "buttons":
      return group(message, choice, (option) => onChoose(option, "button"));
    case "list":
      return list(message, choice, (option) => onChoose(option, "list"));
    case "link_button":
      return make("div", { class: "choices" }, linkChoice(message, words));
    case "location_request":
      return make("div", { class: "choices" },
        make("button", { class: "choice", type: "button", onclick: onLocate }, icon("place"), words.send_location));
    default:
      return null;
  }
}

function linkChoice(message, words) {
  const anchor = link(message.url, message.title, { class: "choice" });
  anchor.append(icon("out"), make("span", { class: "unseen" }, ` (${words.opens_new})`));
  return anchor;
}

function group(message, choice, onChoose) {
  return make("div", { class: "choices", role: "group", "aria-label": message.text },
    ...message.options.map((option) => choiceButton(option, choice, onChoose)));
}

function choiceButton(option, choice, onChoose, className = "choice") {
  const isChosen = choice === option.id;
  return make("button",
    { class: className, type: "button", disabled: choice != null, "aria-pressed": choice != null ? String(isChosen) : null,
      "data-option": option.id, onclick: () => onChoose(option) },
    isChosen && icon("check"),
    make("span", { class: "title" }, option.title),
    option.description && make("span", { class: "description" }, option.description));
}

/** Rows behind a button that opens them in place: nothing covers the page, and Tab walks through. */
function list(message, choice, onChoose) {
  const rows = make("div", { class: "rows", hidden: choice == null });
  for (const section of message.sections) {
    const label = section.title || message.text;
    const shown = section.rows.filter((row) => choice == null || row.id === choice);
    if (!shown.length) continue;
    rows.append(make("div", { class: "section", role: "group", "aria-label": label },
      section.title && make("p", { class: "section-title", "aria-hidden": "true" }, section.title),
      ...shown.map((row) => choiceButton(row, choice, onChoose, "row"))));
  }
  if (choice != null) return make("div", { class: "choices" }, rows);
  const opener = make("button", { class: "choice opener", type: "button", "aria-expanded": "false" },
    make("span", { class: "title" }, message.button), icon("open"));
  opener.addEventListener("click", () => {
    rows.hidden = !rows.hidden;
    opener.setAttribute("aria-expanded", String(!rows.hidden));
    if (rows.hidden) return;
    rows.scrollIntoView({ block: "nearest" });
    rows.querySelector("button")?.focus();
  });
  rows.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      opener.click();
      opener.focus();
    }
  });
  return make("div", { class: "choices" }, opener, rows);
}

function card(message, words) {
  switch (message.type) {
    case "media":
      return media(message, words);
    case "location": {
      const point = `${message.latitude}/${message.longitude}`;
      const address = `${MAP}?mlat=${message.latitude}&mlon=${message.longitude}#map=17/${point}`;
      return make("div", { class: "card" }, icon("place"), make("div", {},
        make("p", { class: "card-title" }, message.name || words.place),
        message.address && make("p", { class: "card-note" }, message.address),
        link(address, words.open_map)));
    }
    default:
      return null;
  }
}

function media(message, words) {
  switch (message.media_type) {
    case "image":
    case "sticker": {
      const picture = make("img", { class: `picture is-${message.media_type}`, src: message.url, alt: message.text || words.picture });
      picture.addEventListener("error", () => picture.replaceWith(fileCard(message, words)));
      return picture;
    }
    case "audio":
    case "video":
      return make(message.media_type, { class: "player", src: message.url, controls: true, preload: "none", "aria-label": message.text || words.recording });
    default:
      return fileCard(message, words);
  }
}

function fileCard(message, words) {
  return make("div", { class: "card" }, icon("file"), link(message.url, message.filename || words.file));
}
