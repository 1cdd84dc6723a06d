"""``play``: a script, a program and a business, and out comes the chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from flow_engine.cases.stage import Stage
from flow_engine.effects import SendMessage
from flow_engine.outputs.codec import encode_output
from flow_engine.outputs.output import Output
from flow_engine.outputs.stamp import without_stamps
from flow_engine.program import Program
from flow_engine.trace import StateEntered, TraceEntry
from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.phone.chat import Bubble, Chat
from platform_admin.authoring.phone.moves import make_move
from platform_admin.authoring.phone.real_world import RealWorld
from platform_admin.authoring.phone.sandbox import Business, Sandbox
from platform_admin.authoring.phone.script import Move, PhoneScript
from platform_admin.authoring.reasons import Reasons

SERVICE_WINDOW: Final = timedelta(hours=24)
"""How long after the customer's last message WhatsApp takes anything but templates (Cloud API, conversations)."""


def play(
    program: Program, reasons: Reasons, script: PhoneScript, business: Business, real: RealWorld | None = None
) -> Chat:
    """Play all moves from the beginning. ``reasons`` knows the same program's steps and choices by their words.

    ``real`` are the business's own connections, where somebody has let the chat ask them.
    """
    begin = script.now if script.now.tzinfo is not None else script.now.replace(tzinfo=program.zone)
    with Sandbox(business, begin, real) as sandbox:
        stage = Stage(
            program,
            sandbox,
            begin,
            channel=script.channel,
            contact_id="customer",
            name=script.contact.name,
            phone=script.contact.phone,
        )
        player = _Player(stage, sandbox, reasons)
        for move in script.moves:
            player.make(move)
        return player.chat()


class _Player:
    """Plays one move after the other and keeps what is seen."""

    def __init__(self, stage: Stage, sandbox: Sandbox, reasons: Reasons) -> None:
        self._stage = stage
        self._sandbox = sandbox
        self._reasons = reasons
        self._bubbles: list[Bubble] = []
        self._path: list[str] = []
        self._last_heard: datetime | None = None
        self._problem: str | None = None

    def make(self, move: Move) -> None:
        made = make_move(move, self._stage, self._sandbox)
        if made.refused:
            self._problem = "The button that was tapped here is not offered any more."
        if made.verb and not made.refused:
            self._last_heard = self._stage.now if made.heard else self._last_heard
            self._gather()

    def chat(self) -> Chat:
        stage = self._stage
        silent_for = stage.now - self._last_heard if self._last_heard else timedelta()
        return Chat(
            bubbles=tuple(self._bubbles),
            state=stage.conversation.state,
            path=tuple(self._path),
            data=stage.conversation.data,
            now=self._local(stage.now).isoformat(timespec="minutes"),
            paused=stage.conversation.snapshot.paused,
            window_open=silent_for < SERVICE_WINDOW,
            waiting=tuple(self._waiting()),
            problem=self._problem,
        )

    def _gather(self) -> None:
        stage, at = self._stage, self._local(self._stage.now).isoformat(timespec="minutes")
        self._bubbles += [Bubble(action.by, at, text=action.text) for action in stage.actions]
        self._path += [entry.state for entry in stage.trace if isinstance(entry, StateEntered)]
        why = self._reasons.of(stage.trace)
        sent = [effect.output for effect in stage.effects if isinstance(effect, SendMessage)]
        states = _states_that_spoke(stage.trace, len(sent), stage.conversation.state)
        self._bubbles += [
            Bubble("bot", at, output=_as_shown(output), state=state, why=why)
            for output, state in zip(sent, states, strict=True)
        ]

    def _waiting(self) -> list[JSONObject]:
        world = self._stage.world
        tasks = [(task.run_at, task.task) for task in world.tasks.values() if task.run_at is not None]
        timers = [(timer.run_at, timer.timer) for timer in world.timers.values()]
        return [
            {"at": self._local(when).isoformat(timespec="minutes"), "what": what}
            for when, what in sorted([*tasks, *timers])
        ]

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._stage.program.zone)


def _as_shown(output: Output) -> JSONObject:
    """As the channel shows it, with the ids the flow wrote: the page taps by those."""
    return encode_output(without_stamps(output))


def _states_that_spoke(trace: Sequence[TraceEntry], count: int, last: str | None) -> list[str | None]:
    """The step each message is told to come from: the one that was entered last before it, as far as can be told."""
    entered = [entry.state for entry in trace if isinstance(entry, StateEntered)]
    return [entered[-1] if entered else last] * count
