// Making elements. Texts are only ever set as text: nothing a flow or a visitor writes can become markup.

const SVG = "http://www.w3.org/2000/svg";

export const ICONS = {
  chat: "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H10l-4.2 4.1c-.6.6-1.8.2-1.8-.8z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M5 12h13M12 5l7 7-7 7",
  open: "M6 9l6 6 6-6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  place: "M12 21s-7-6.2-7-11.3A6.9 6.9 0 0 1 12 3a6.9 6.9 0 0 1 7 6.7C19 14.8 12 21 12 21zM12 12.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  file: "M7 3h7l5 5v11a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM14 3v5h5",
  out: "M14 4h6v6M20 4l-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4",
};

/** An element with attributes and children; children that are nothing are left out. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** Words with their web addresses as links. */
export function linked(words) {
  const parts = [];
  let from = 0;
  for (const found of words.matchAll(ADDRESS)) {
    parts.push(words.slice(from, found.index), link(found[0], found[0]));
    from = found.index + found[0].length;
  }
  return [...parts, words.slice(from)];
}

/** A link that opens beside the page; to anything but http and https it leads nowhere. */
export function link(address, title, attributes = {}) {
  const isWeb = /^https?:\/\//i.test(address);
  return make("a", { ...attributes, href: isWeb ? address : null, target: "_blank", rel: "noopener noreferrer" }, title);
}
