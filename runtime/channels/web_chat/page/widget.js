// The chat as an island on somebody's page: one script tag, a shadow root, nothing else of the page is touched.
//
//   <script type="module" src="https://…/widget/files/widget.js" data-language="es"></script>
//
// With an element that has the attribute data-frontdesk-chat on the page, the chat fills that instead of floating.

import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Memory } from "./memory.js";
import { Panel } from "./panel.js";
import { wordsIn } from "./words.js";

const BASE = new URL("../", import.meta.url); // …/widget/
const tag = document.querySelector('script[src*="/widget/files/widget.js"]');
const place = document.querySelector("[data-frontdesk-chat]");

async function begin() {
  const host = place ?? document.body.appendChild(document.createElement("div"));
  const root = host.attachShadow({ mode: "open" });
  // A constructed sheet: the page's style-src has no say in it, and none of its rules leak either way.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await (await fetch(new URL("files/styles.css", BASE))).text());
  root.adoptedStyleSheets = [sheet];

  const words = wordsIn(tag?.dataset.language || place?.dataset.language || navigator.language);
  const connection = new Connection(BASE, new Memory(BASE.origin));
  const conversation = new Conversation(connection);
  new Panel({ root, words, conversation, connection, isInline: Boolean(place) });
}

begin();
