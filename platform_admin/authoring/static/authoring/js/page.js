// What every island needs of the page: its data, its words, its requests.
export const begin = JSON.parse(document.getElementById("begin").textContent);
const phrases = JSON.parse(document.getElementById("phrases").textContent);

/** A phrase of the page's language, its blanks filled. */
export function say(name, blanks = {}) {
  return (phrases[name] ?? name).replace(/\{(\w+)\}/g, (whole, blank) => String(blanks[blank] ?? whole));
}

/** An element with attributes and children; `on…` attributes are listeners. Text is never read as HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export class SignedOutError extends Error {}
export class RefusedError extends Error {
  constructor(status, answer) {
    super(answer.message ?? "");
    this.status = status;
    this.answer = answer;
  }
}

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/** POST as JSON. Throws RefusedError for 4xx with a reason, SignedOutError when the session is over, TypeError offline. */
export async function post(address, value, { signal, keepalive } = {}) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
    body: JSON.stringify(value),
    redirect: "manual",
    signal,
    keepalive,
  });
  return read(answer);
}

export async function get(address) {
  return read(await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual" }));
}

export async function getHtml(address) {
  const answer = await fetch(address, { redirect: "manual" });
  if (answer.type === "opaqueredirect") throw new SignedOutError();
  if (!answer.ok) throw new RefusedError(answer.status, {});
  return answer.text();
}

async function read(answer) {
  if (answer.type === "opaqueredirect") throw new SignedOutError();
  const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  if (answer.status === 403 && json === null) throw new SignedOutError();
  if (!answer.ok) {
    if (answer.status >= 500 || json === null) throw new TypeError(`the server answered ${answer.status}`);
    throw new RefusedError(answer.status, json);
  }
  return json;
}
