"""``Turn``: the working copy of one step. It is made by ``advance``, changed by the interpreter, and gone afterwards.

What belongs here: the mutable state of a step and the few verbs that keep it consistent (say, offer, assign, count).
What must not: any decision about where the conversation goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flow_engine import limits
from flow_engine.effects import SendMessage
from flow_engine.expressions import Scope, ValueTemplate
from flow_engine.interpreter.limit_signal import LimitReachedSignal
from flow_engine.interpreter.working_copy import WorkingCopy
from flow_engine.messages import InternalMessage
from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.degradation import Words, shape
from flow_engine.outputs.fitting import fits
from flow_engine.outputs.output import Output, Text
from flow_engine.outputs.shaping.paging import more_row
from flow_engine.outputs.stamp import stamp_of
from flow_engine.trace import OutputDegraded, WaitCancelled
from flow_engine.vocabulary import JSON


class Turn(WorkingCopy):
    """See the module; what it holds is in ``working_copy``."""

    __slots__ = ()

    def begin(self) -> None:
        """A message or a due task starts the next turn; the ids of effects count from 0 again."""
        self.number += 1
        self.next_effect = 0

    def meet(self, message: InternalMessage) -> None:
        """Keep what the channel tells of the contact; what it does not tell stays as it was."""
        self.last_message_id = message.id
        if self.program.session is not None:
            self.last_at = self.at
        self.unanswered = 0
        name, phone = message.contact_name, message.contact_phone
        known = self.contact
        if (name is None or name == known.get("name")) and (phone is None or phone == known.get("phone")):
            return
        self.contact = {
            **known,
            "name": known.get("name") if name is None else name,
            "phone": known.get("phone") if phone is None else phone,
        }
        self._open_scope()

    def speak(self, language: str) -> None:
        """From here on texts are chosen for ``language`` (a BCP 47 tag)."""
        self.language = language
        self._open_scope()

    def work_on_task(self, task: str, data: Mapping[str, JSON]) -> None:
        """From here on ``data`` is the task's own; the conversation's stays untouched."""
        self.task = task
        self._use(data)

    def stop_waiting(self) -> None:
        """The driver hands over one event after the other, so an answer that is still open now was lost."""
        if self._waiting is not None:
            if self.waiting is not None:
                self.trace.append(WaitCancelled(self.waiting.call.id))
            self._waiting = None

    def outer_scope(self) -> Scope:
        """What the whole flow's own expressions see, also while a sub-flow with data of its own runs."""
        if not self.calls:
            return self.scope
        return cast("dict[str, JSON]", {**self.scope, "data": self.calls[0].data})

    def scope_with(self, value: JSON) -> Scope:
        """The scope of an expression that speaks of ``value`` as well."""
        return cast("dict[str, JSON]", {**self.scope, "value": value})

    def assign_all(self, values: Mapping[str, ValueTemplate]) -> None:
        """Render all of ``values`` before the first is written, so that their order means nothing."""
        if values:
            scope = self.scope
            rendered = [
                (name, value.constant if value.is_constant else value.render(scope)) for name, value in values.items()
            ]
            for name, value in rendered:
                self.assign(name, value)

    def leave_for(self, name: str) -> None:
        """Keep the state that the conversation rested in, to be gone back to."""
        rested = self.rested
        if rested is not None and rested != name:
            self.rested = None
            if self.program.keeps_history:
                self.history = [*self.history, rested][-limits.MAX_HISTORY :]

    def sentence(self, key: str) -> str:
        return self.program.sentences[key].render_text(self.scope)

    def next_effect_id(self) -> str:
        index = self.next_effect
        if index >= self.effects_allowed:
            raise LimitReachedSignal("MAX_EFFECTS_PER_TURN")
        self.next_effect = index + 1
        return f"{self.conversation_id}:{self.number}:{index}"

    def unguarded_effect_id(self) -> str:
        """For the few effects that a turn cannot do without."""
        index = self.next_effect
        self.next_effect = index + 1
        return f"{self.conversation_id}:{self.number}:{index}"

    @property
    def capabilities(self) -> Capabilities:
        """What the conversation's channel can show."""
        return self.program.capabilities.get(self.channel, self.program.plain_text)

    def say(self, output: Output) -> None:
        """Send ``output``, shaped for the conversation's channel. Only the open question can be paged."""
        capabilities = self.capabilities
        if fits(output, capabilities):
            self._send(output)
            return
        more = more_row(self.question_turn, self.sentence("more")) if output is self.question else None
        outputs, changes = shape(output, capabilities, Words(self.sentence("list_button"), more))
        self.trace.append(OutputDegraded(self.next_effect, changes))
        for shaped in outputs:
            self._send(shaped)

    def _send(self, output: Output) -> None:
        if self.messages_left <= 0:
            raise LimitReachedSignal("MAX_MESSAGES_PER_STEP")
        self.messages_left -= 1
        self.effects.append(SendMessage(self.next_effect_id(), output))

    @property
    def stamp(self) -> str:
        """What the ids of options end with that are sent in this turn."""
        return stamp_of(self.number)

    def offer(self, output: Output) -> None:
        """Send a question and, in a state, keep it as the open one."""
        if self.task is None:
            self._question, self.question_turn = output, self.number
        self.say(output)

    def stand_in(self, name: str) -> None:
        """The conversation is in the state ``name`` from now on, with no question open."""
        if len(self.entered) >= self.states_allowed:
            raise LimitReachedSignal("MAX_STATES_PER_TURN")
        self.entered = (*self.entered, name)
        if self.rested is not None:
            self.leave_for(name)
        self.state = name
        self._question = self.doubt = None
        self.question_turn = self.number
        self.tries = 0

    def apologise(self) -> None:
        """A loop guard has ended the turn: say so, and open the small allowance for what follows."""
        self.give_up()
        apology = self.sentence("technical_problem")
        if apology.strip():
            self.effects.append(SendMessage(self.unguarded_effect_id(), Text(apology)))

    def give_up(self) -> None:
        self.gave_up = True
        self.actions_left += limits.GUARD_ALLOWANCE
        self.messages_left += limits.GUARD_ALLOWANCE
        self.effects_allowed += limits.GUARD_ALLOWANCE
        self.states_allowed += limits.GUARD_ALLOWANCE
