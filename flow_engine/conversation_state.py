"""``ConversationState``: the snapshot between two events.

Everything the engine remembers of a conversation is in here. It is held as the JSON that is stored, because most steps
look at few of its parts: what nobody looks at is neither read nor written anew (ADR 0011).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack, cast

from flow_engine.outputs.output import Output
from flow_engine.position import CallFrame, Interruption, WaitingFor
from flow_engine.position_codec import decode_call_frame, decode_interruption, decode_waiting
from flow_engine.question_codec import decode_question
from flow_engine.quick_init import quick_init
from flow_engine.stored_conversation import OPEN_FIELDS, Changes, StoredConversation
from flow_engine.vocabulary import JSON, JSONObject


@quick_init
@dataclass(frozen=True)
class ConversationState:
    """A conversation at rest.

    ``json`` is all of it, never changed; ``decode_state`` has looked at it. The properties read it, each time anew.

    ``conversation_id`` is chosen by the driver and unique within the tenant (channel and contact).
    ``channel`` names the capability profile that outputs are shaped for (``whatsapp``, ``http_dev``).
    ``state`` is ``None`` until the first message. ``turn`` counts events that start a turn;
    ``next_effect`` is the index of the turn's next effect. ``question`` is the last output of the
    present state that offered a choice; it is asked again after a free question was answered.

    ``language`` is what ``set_language`` chose for this contact (BCP 47), ``None`` the tenant's. ``history`` names the
    states the conversation rested in before, oldest first; ``@back`` returns to the last. ``calls`` are the open calls
    of sub-flows, outermost first. A state inside a sub-flow is named ``<flow>/<state>`` and has its own ``data``.
    ``tries`` counts answers to the present question that could not be used. ``timers`` are the timers that run, name to
    token. While ``paused`` a person talks and the bot is silent. ``question_turn`` is the turn in which the open
    question was sent. ``last_message_id`` is that of the customer's last message and ``last_at`` its time, which is
    kept where the flow has a session. ``unanswered`` counts the timeouts since then. ``doubt`` is what was asked back
    about the last answer, while the question stays open.
    """

    json: StoredConversation

    def changed(self, **changes: Unpack[Changes]) -> ConversationState:
        return ConversationState({**self.json, **changes})

    def moved_to(self, state: str) -> ConversationState:
        """The same conversation in another state, with nothing open: nothing was asked there yet."""
        kept = {name: value for name, value in self.json.items() if name not in OPEN_FIELDS}
        nothing: JSONObject = {"state": state, "waiting": None, "question": None, "history": []}
        return ConversationState(cast("StoredConversation", kept | nothing))

    @property
    def conversation_id(self) -> str:
        return self.json["conversation_id"]

    @property
    def channel(self) -> str:
        return self.json["channel"]

    @property
    def contact_id(self) -> str:
        return self.json["contact_id"]

    @property
    def state(self) -> str | None:
        return self.json["state"]

    @property
    def data(self) -> Mapping[str, JSON]:
        return self.json["data"]

    @property
    def contact(self) -> Mapping[str, JSON]:
        return self.json["contact"]

    @property
    def turn(self) -> int:
        return self.json["turn"]

    @property
    def next_effect(self) -> int:
        return self.json["next_effect"]

    @property
    def waiting(self) -> WaitingFor | None:
        return decode_waiting(self.json["waiting"])

    @property
    def question(self) -> Output | None:
        return decode_question(self.json["question"])

    @property
    def language(self) -> str | None:
        return self.json["language"]

    @property
    def history(self) -> tuple[str, ...]:
        return tuple(self.json["history"])

    @property
    def calls(self) -> tuple[CallFrame, ...]:
        return tuple(map(decode_call_frame, self.json.get("calls", ())))

    @property
    def interrupted(self) -> Interruption | None:
        return decode_interruption(self.json.get("interrupted"))

    @property
    def tries(self) -> int:
        return self.json.get("tries", 0)

    @property
    def timers(self) -> Mapping[str, str]:
        return self.json.get("timers", {})

    @property
    def paused(self) -> bool:
        return self.json.get("paused", False)

    @property
    def question_turn(self) -> int:
        return self.json["question_turn"]

    @property
    def last_message_id(self) -> str | None:
        return self.json["last_message_id"]

    @property
    def last_at(self) -> datetime | None:
        at = self.json.get("last_at")
        return None if at is None else datetime.fromisoformat(at)

    @property
    def unanswered(self) -> int:
        return self.json.get("unanswered", 0)

    @property
    def doubt(self) -> Output | None:
        return decode_question(self.json.get("doubt"))
