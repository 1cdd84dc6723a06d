// What a message shows beside its words: a picture, a place, a reaction, what a template was filled with.

import { text } from "/chat/texts.js";

const MAP = "https://www.google.com/maps/search/?api=1&query=";

/** The card of a message; nothing for one that has only words. */
export function card(message) {
  const make = CARDS[message.type];
  return make ? make(message) : null;
}

const CARDS = {
  media: (message) => (MEDIA[message.media_type] ?? file)(message),
  location: place,
  reaction: (message) => node("p", "card-note", `${text("reaction")} ${message.message_id ? "↩" : ""}`),
  template: (message) => {
    const box = node("div", "card", node("p", "card-note", `${text("template")} ${message.name} (${message.language})`));
    for (const blank of message.parameters) box.append(node("p", "", blank.name ? `${blank.name}: ${blank.text}` : blank.text));
    return box;
  },
  location_request: () => node("p", "card-note", text("location_request")),
  contact_info_request: () => node("p", "card-note", text("contact_info_request")),
};

const MEDIA = {
  image: picture,
  sticker: picture,
  audio: (message) => player("audio", message),
  video: (message) => player("video", message),
};

function picture(message) {
  const image = node("img", `card-picture is-${message.media_type}`);
  image.src = webAddress(message.url);
  image.alt = message.text || text(message.media_type);
  image.loading = "lazy";
  image.addEventListener("error", () => image.replaceWith(file(message)));
  return image;
}

function player(tag, message) {
  const media = node(tag, "card-player");
  media.src = webAddress(message.url);
  media.controls = true;
  media.preload = "none";
  return media;
}

function file(message) {
  return anchor(message.url, message.filename || text(message.media_type), "card");
}

function place(message) {
  const point = `${message.latitude},${message.longitude}`;
  const box = node("div", "card", message.name && node("p", "card-title", message.name), message.address && node("p", "", message.address));
  box.append(anchor(MAP + encodeURIComponent(point), `${text("map")} (${point})`));
  return box;
}

function anchor(address, words, className = "") {
  const link = node("a", className, words);
  link.href = webAddress(address);
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}

/** Only web addresses are opened: a flow cannot run a script through a link. */
export function webAddress(address) {
  return /^https?:\/\//.test(address) ? address : "about:blank";
}

function node(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child != null && child !== ""));
  return made;
}
