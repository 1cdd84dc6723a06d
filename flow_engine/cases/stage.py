"""A conversation with its world and clock: what the test runner and the terminal chat both play on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flow_engine.cases.offers import Offer, Offers
from flow_engine.cases.world import MAX_DUE_PER_WAIT, Answers, World
from flow_engine.effects import Effect, SendMessage
from flow_engine.events import Event, OperatorResumed, TaskDue
from flow_engine.outputs.output import Output
from flow_engine.program import Program
from flow_engine.simulation import Conversation
from flow_engine.trace import TraceEntry
from flow_engine.vocabulary import JSON, JSONObject, MessageType


@dataclass(frozen=True, slots=True)
class Action:
    """What was done to the conversation, as a line of the chat."""

    by: str
    text: str


class Stage:
    """After every verb ``actions``, ``replies``, ``effects`` and ``trace`` tell of that verb alone."""

    def __init__(
        self,
        program: Program,
        answers: Answers,
        now: datetime,
        *,
        channel: str,
        contact_id: str,
        name: str | None,
        phone: str | None = None,
    ) -> None:
        self.program = program
        self.world = World(answers, now)
        self.offers = Offers()
        self.actions: list[Action] = []
        self.replies: list[Output] = []
        self.effects: list[Effect] = []
        self.trace: list[TraceEntry] = []
        self.all_traces: list[TraceEntry] = []
        self.conversation = Conversation(
            program, self.world.perform, now, channel=channel, contact_id=contact_id, name=name, phone=phone
        )

    @property
    def now(self) -> datetime:
        return self.world.now

    def say(self, text: str) -> None:
        self.send(MessageType.TEXT, text)

    def tap(self, wanted: str, *, old: bool = False) -> bool:
        """Tap the option of this title or id; ``False``, and nothing happens, where none is on offer."""
        offer = self.offers.find(wanted, old=old)
        if offer is None:
            self._begin()
            return False
        self.tap_offer(offer)
        return True

    def tap_offer(self, offer: Offer) -> None:
        self.send(offer.type, offer.option.title, offer.option.id, shown=f"[{offer.option.title}]")

    def send(
        self,
        type_: MessageType,
        text: str = "",
        payload: str | None = None,
        content: JSONObject | None = None,
        *,
        shown: str | None = None,
    ) -> None:
        self._begin("customer", shown or text or f"({type_.value})")
        self.conversation.now = self.now
        said = self.conversation.receive(type_, text=text, payload=payload, content=content)
        self._gather(said, asked=True)

    def wait_until(self, moment: datetime) -> None:
        """Let time pass; what comes due on the way happens at its own time."""
        self._begin("clock", f"{moment.astimezone(self.program.zone):%Y-%m-%d %H:%M}")
        for _ in range(MAX_DUE_PER_WAIT):
            event = self.world.next_due(moment)
            if event is None:
                break
            self._feed(event)
        self.world.now = max(self.world.now, moment)

    def run_task(self, task: str, data: Mapping[str, JSON] | None = None) -> None:
        self._begin("clock", f"the task {task} is due")
        self._feed(self.world.due_now(task, data))

    def resume(self) -> None:
        self._begin("clock", "the operator hands back")
        self._feed(OperatorResumed(self.now))

    def _feed(self, event: Event) -> None:
        self.conversation.now = self.now
        self._gather(self.conversation.feed(event), asked=not isinstance(event, TaskDue))

    def _begin(self, by: str = "", text: str = "") -> None:
        self.actions = [Action(by, text)] if by else []
        self.replies, self.effects, self.trace = [], [], []

    def _gather(self, said: tuple[Output, ...], *, asked: bool) -> None:
        self.replies += said
        self.effects += self.conversation.effects
        self.trace += self.conversation.trace
        self.all_traces += self.conversation.trace
        sent = [effect.output for effect in self.conversation.effects if isinstance(effect, SendMessage)]
        self.offers.add(sent, asked=asked)
