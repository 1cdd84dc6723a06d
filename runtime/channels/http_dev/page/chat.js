// The page's one piece of state: who the customer is, what both sides said, and whether the bot is busy.

import { botMessage, customerMessage, daySeparator, element, sameDay } from "/chat/bubbles.js";
import { RefusedError, follow, send } from "/chat/line.js";
import { closeSheet, openSheet } from "/chat/sheet.js";
import { starters, text, translate } from "/chat/texts.js";
import { Transcript } from "/chat/transcript.js";

const PATIENCE_MS = 20000; // how long "typing" is believable
const NEAR_END_PX = 80;

const at = (id) => document.getElementById(id);
const [log, paper, draft, sendButton, typing, presence] = ["log", "paper", "draft", "send", "typing", "presence"].map(at);

const transcript = new Transcript();
let heard = []; // the bot's messages, in order
let line = null;
let typingTimer = 0;

function draw({ follow: keepEnd = true } = {}) {
  const wasNearEnd = nearEnd();
  const items = [];
  let previous = null;
  for (const { message, node } of inOrder()) {
    if (!previous || !sameDay(previous.at, message.at)) items.push(daySeparator(message.at));
    items.push(node());
    previous = message;
  }
  patch(items);
  at("hint").hidden = items.length > 0;
  if (keepEnd && (wasNearEnd || previous === transcript.said.at(-1))) toEnd();
  at("to-end").hidden = nearEnd();
}

/** The customer's messages stand after the bot's message they were written under. */
function inOrder() {
  const said = [...transcript.said];
  const order = [];
  const takeSaid = (before) => {
    while (said.length && said[0].after < before) {
      const message = said.shift();
      order.push({ message, node: () => customerMessage(message, { onRetry: () => deliver(message) }) });
    }
  };
  for (const message of heard) {
    takeSaid(message.cursor);
    order.push({ message, node: () => botMessage(message, { onChoose: choose, onOpen: open }) });
  }
  takeSaid(Infinity);
  return order;
}

/** Keep what is unchanged, so that a screen reader hears only what is new and focus stays where it is. */
function patch(items) {
  const old = [...log.children];
  items.forEach((item, index) => {
    if (!old[index]) log.append(item);
    else if (old[index].className !== item.className || old[index].textContent !== item.textContent) old[index].replaceWith(item);
  });
  for (const leftOver of old.slice(items.length)) leftOver.remove();
}

function say({ words, payload, type }) {
  const message = transcript.add({ text: words, payload, type, after: heard.at(-1)?.cursor ?? 0 });
  deliver(message);
}

async function deliver(message) {
  transcript.mark(message, "sending");
  showTyping(true);
  draw();
  try {
    await send(transcript.contactId, message, transcript.channel);
    if (message.state === "sending") transcript.mark(message, "sent");
  } catch (error) {
    transcript.mark(message, "failed");
    showTyping(false);
    if (error instanceof RefusedError) banner(text("refused") + error.message);
  }
  draw();
}

const choose = (option, type) => say({ words: option.title, payload: option.id, type });
const open = (message, from) => openSheet(message, from, (option) => (choose(option, "list"), draft.focus()));

function receive(messages, isHistory) {
  heard = isHistory ? messages : [...heard, ...messages];
  if (messages.length) {
    showTyping(false);
    const newest = messages.at(-1).cursor;
    for (const message of transcript.said) {
      if (message.state !== "failed" && message.after < newest) transcript.mark(message, "answered");
    }
  }
  draw();
}

function showTyping(isTyping) {
  clearTimeout(typingTimer);
  typing.hidden = !isTyping;
  presence.textContent = text(isTyping ? "presence_typing" : "presence_ready");
  if (isTyping) typingTimer = setTimeout(showTyping, PATIENCE_MS, false);
}

function banner(words) {
  at("banner").textContent = words ?? "";
  at("banner").hidden = !words;
}

function begin() {
  line?.stop();
  closeSheet();
  heard = [];
  at("contact-name").textContent = transcript.contactId;
  showTyping(false);
  draw();
  line = follow(transcript.contactId, { channel: transcript.channel, onMessages: receive, onTrouble: (trouble) => banner(trouble && text(trouble)) });
}

const nearEnd = () => paper.scrollHeight - paper.scrollTop - paper.clientHeight < NEAR_END_PX;
const toEnd = () => paper.scrollTo({ top: paper.scrollHeight });

function grow() {
  sendButton.disabled = !draft.value.trim();
  draft.style.height = "auto";
  draft.style.height = `${draft.scrollHeight}px`;
}

function submit(event) {
  event?.preventDefault();
  const words = draft.value.trim();
  if (!words) return;
  draft.value = "";
  grow();
  say({ words, type: "text" });
  draft.focus();
}

function starterChips() {
  return starters.words.map((words) => {
    const chip = element("button", "chip", words);
    chip.lang = starters.language;
    chip.type = "button";
    chip.addEventListener("click", () => say({ words, type: "text" }));
    return element("li", "", chip);
  });
}

translate(document);
at("guide-chips").append(...starterChips());
at("hint-chips").append(...starterChips());
at("composer").addEventListener("submit", submit);
draft.addEventListener("input", grow);
draft.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
});
paper.addEventListener("scroll", () => (at("to-end").hidden = nearEnd()), { passive: true });
at("to-end").addEventListener("click", toEnd);
for (const button of document.querySelectorAll("[data-action=start-over]")) {
  button.addEventListener("click", () => {
    transcript.startOver();
    begin();
    draft.focus();
  });
}
for (const choice of document.querySelectorAll("[name=channel]")) {
  choice.checked = choice.value === transcript.channel;
  choice.addEventListener("change", () => {
    transcript.channel = choice.value;
    begin();
  });
}
begin();
