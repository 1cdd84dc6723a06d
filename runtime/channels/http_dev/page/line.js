// The line to the runtime: POST /inbound, and GET /messages held open until there is something to read.

const WAIT_S = 20; // below the runtime's bound of 25 s
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 10000;
const SHORTEST_ROUND_MS = 500; // a runtime that is stopping answers at once; do not spin on it

export class RefusedError extends Error {}

/** Hand one message over. Sending it again after a lost answer is safe: the runtime knows its id. */
export async function send(contactId, { id, text, payload, type }, channel) {
  const answer = await fetch(`/inbound${channel ? `?as=${channel}` : ""}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ contact_id: contactId, id, text, payload, type }),
  });
  if (answer.status === 202) return;
  if (answer.status === 422) {
    const body = await answer.json();
    throw new RefusedError(body.problems.map((problem) => problem.message).join("; "));
  }
  throw new Error(String(answer.status));
}

/**
 * Follow one contact's messages until `stop()`; silent while nobody looks at the page.
 * `onMessages(messages, isHistory)`: what is new, oldest first. `onTrouble("starting" | "offline" | null)`.
 */
export function follow(contactId, { channel, onMessages, onTrouble }) {
  const stopper = new AbortController();
  run(contactId, stopper.signal, { channel, onMessages, onTrouble });
  return { stop: () => stopper.abort() };
}

async function run(contactId, signal, { channel, onMessages, onTrouble }) {
  let after = 0;
  let isHistory = true;
  let failures = 0;
  while (!signal.aborted) {
    await untilVisible();
    const started = performance.now();
    try {
      const messages = await read({ contactId, channel, after, waitS: isHistory || failures ? 0 : WAIT_S, signal });
      if (signal.aborted) return;
      onTrouble(null);
      failures = 0;
      if (isHistory || messages.length) onMessages(messages, isHistory);
      after = messages.at(-1)?.cursor ?? after;
      isHistory = false;
      if (!messages.length) await pause(SHORTEST_ROUND_MS - (performance.now() - started), signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      onTrouble(error.starting ? "starting" : "offline");
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), signal);
    }
  }
}

async function read({ contactId, channel, after, waitS, signal }) {
  const query = new URLSearchParams({ contact_id: contactId, after, wait: waitS, ...(channel && { as: channel }) });
  const answer = await fetch(`/messages?${query}`, { signal });
  if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { starting: answer.status === 503 });
  return answer.json();
}

function untilVisible() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    if (signal.aborted || milliseconds <= 0) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
