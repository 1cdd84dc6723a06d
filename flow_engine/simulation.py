"""A conversation in memory: the engine's simplest driver, for tests, the simulator and the test runner.

It is the same engine as in the runtime; only performing is left to the caller. Nothing is stored, nothing is sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flow_engine.conversation_codec import decode_state, encode_state
from flow_engine.conversation_state import ConversationState
from flow_engine.effects import CancelTimer, Effect, SendMessage, StartTimer
from flow_engine.events import Event, MessageReceived, OperatorResumed, TaskDue, TimerFired
from flow_engine.interpreter import advance, start
from flow_engine.messages import InternalMessage
from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import Option, Output, Text
from flow_engine.outputs.stamp import split_stamp, without_stamps
from flow_engine.program import Program
from flow_engine.trace import TraceEntry
from flow_engine.vocabulary import JSON, JSONObject, MessageType

type Perform = Callable[[Effect], Event | None]
"""Does what an effect says and returns the answer to a call; ``None`` for an effect without an answer."""

MAX_STEPS_PER_EVENT = 1_000
"""Far beyond what the engine's own limits allow in one turn; reaching it means that ``perform`` invents events."""


@dataclass(frozen=True, slots=True)
class Said:
    """One bubble of the chat."""

    by: str
    output: Output


def _due(timer: StartTimer) -> datetime:
    return timer.run_at


class Conversation:
    """Talks to a program as one customer.

    ``perform`` receives every effect in order and returns the event that answers it, if any. ``now`` is the time of the
    first event (aware); ``wait`` moves it on, and timers whose time comes fire on the way. After every verb ``replies``
    holds what the bot said to it, ``effects`` and ``trace`` everything it led to; ``said`` holds the whole chat. The
    snapshot goes through its JSON after every step, as it does in the runtime.
    """

    def __init__(
        self,
        program: Program,
        perform: Perform,
        now: datetime,
        *,
        channel: str = "http_dev",
        contact_id: str = "customer",
        name: str | None = None,
        phone: str | None = None,
    ) -> None:
        self.program = program
        self.now = now
        self.snapshot: ConversationState = start(f"{channel}:{contact_id}", channel, contact_id)
        self.said: list[Said] = []
        self.effects: tuple[Effect, ...] = ()
        self.trace: tuple[TraceEntry, ...] = ()
        self._perform = perform
        self._name = name
        self._phone = phone
        self._messages = 0
        self._timers: dict[str, StartTimer] = {}

    @property
    def state(self) -> str | None:
        return self.snapshot.state

    @property
    def data(self) -> JSONObject:
        return dict(self.snapshot.data)

    @property
    def replies(self) -> tuple[Output, ...]:
        """What the bot said to the last event, with ids as the flow writes them; ``effects`` has them as sent."""
        return tuple(without_stamps(effect.output) for effect in self.effects if isinstance(effect, SendMessage))

    @property
    def options(self) -> tuple[Option, ...]:
        """What the last event's replies offer to tap."""
        return tuple(option for output in self.replies for option in options_of(output))

    def say(self, text: str) -> tuple[Output, ...]:
        """Type ``text``; returns the replies, as every verb does."""
        self.said.append(Said("customer", Text(text)))
        return self.receive(MessageType.TEXT, text=text)

    def tap(self, payload: str, type_: MessageType = MessageType.BUTTON) -> tuple[Output, ...]:
        """Tap the newest button or row with this id; one that was never offered is tapped all the same.

        ``payload`` is the id as the flow writes it, or as it was sent, with its stamp.
        """
        found = next((option for option in self._offered() if payload in (option.id, split_stamp(option.id)[0])), None)
        title = payload if found is None else found.title
        self.said.append(Said("customer", Text(title)))
        return self.receive(type_, text=title, payload=payload if found is None else found.id)

    def _offered(self) -> Iterator[Option]:
        """Every option of the whole chat as it was sent, the newest message first."""
        for said in reversed(self.said):
            if said.by == "bot":
                yield from options_of(said.output)

    def receive(
        self,
        type_: MessageType,
        *,
        text: str = "",
        payload: str | None = None,
        content: JSONObject | None = None,
    ) -> tuple[Output, ...]:
        """Send a message of any kind."""
        self._messages += 1
        message = InternalMessage(
            id=f"m{self._messages}",
            contact_id=self.snapshot.contact_id,
            type=type_,
            sent_at=self.now,
            text=text,
            payload=payload,
            content=content or {},
            contact_name=self._name,
            contact_phone=self._phone,
        )
        return self.feed(MessageReceived(self.now, message))

    def run_task(self, task: str, idempotency_key: str = "", data: dict[str, JSON] | None = None) -> tuple[Output, ...]:
        """A scheduled task is due."""
        return self.feed(TaskDue(self.now, task, idempotency_key, data or {}))

    def wait(self, span: timedelta) -> tuple[Output, ...]:
        """Let time pass; a timer that comes due fires at its moment. A scheduled task is run with ``run_task``."""
        until = self.now + span
        effects: list[Effect] = []
        trace: list[TraceEntry] = []
        while (timer := min(self._timers.values(), key=_due, default=None)) is not None and timer.run_at <= until:
            self.now = max(self.now, timer.run_at)
            del self._timers[timer.timer]
            self.feed(TimerFired(self.now, timer.timer, timer.id))
            effects.extend(self.effects)
            trace.extend(self.trace)
        self.now = until
        self.effects, self.trace = tuple(effects), tuple(trace)
        return self.replies

    def resume(self) -> tuple[Output, ...]:
        """A person gives the conversation back to the bot."""
        return self.feed(OperatorResumed(self.now))

    def feed(self, event: Event) -> tuple[Output, ...]:
        """Hand over an event, and every answer it leads to, until the conversation rests."""
        effects: list[Effect] = []
        trace: list[TraceEntry] = []
        events = deque([event])
        for _ in range(MAX_STEPS_PER_EVENT):
            step = advance(self.program, self.snapshot, events.popleft())
            self.snapshot = decode_state(encode_state(step.snapshot))
            effects.extend(step.effects)
            trace.extend(step.trace)
            events.extend(self._perform_all(step.effects))
            if not events:
                break
        else:
            raise RuntimeError("perform never stops answering")
        self.effects, self.trace = tuple(effects), tuple(trace)
        return self.replies

    def _perform_all(self, effects: tuple[Effect, ...]) -> list[Event]:
        answers = []
        for effect in effects:
            match effect:
                case SendMessage():
                    self.said.append(Said("bot", effect.output))
                case StartTimer():
                    self._timers[effect.timer] = effect
                case CancelTimer():
                    self._timers.pop(effect.timer, None)
                case _:
                    pass
            answer = self._perform(effect)
            if answer is not None:
                answers.append(answer)
        return answers
