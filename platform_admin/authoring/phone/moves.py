"""One move of a script made on a stage; and the same move as a step of a conversation test says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from flow_engine.cases.stage import Stage
from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.phone.sandbox import Sandbox
from platform_admin.authoring.phone.script import Fault, HandBack, Move, Say, Send, Tap, Until, Wait

_CASE_CLOCK: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Made:
    """``verb`` is the step of a test; empty for what only changes the world around. ``heard``: the customer spoke.

    ``refused``: what was to be tapped is not offered; nothing has happened then.
    """

    verb: JSONObject = field(default_factory=dict)
    heard: bool = False
    refused: bool = False


def make_move(move: Move, stage: Stage, sandbox: Sandbox) -> Made:
    made = _make(move, stage, sandbox)
    sandbox.move_clock(stage.now)
    return made


def _make(move: Move, stage: Stage, sandbox: Sandbox) -> Made:
    match move:
        case Say(text=text):
            stage.say(text)
            return Made({"say": text}, heard=True)
        case Tap(payload=payload, old=old):
            done = stage.tap(payload, old=old)
            return Made({"old_tap" if old else "tap": payload}, heard=done, refused=not done)
        case Send(type=type_, content=content):
            stage.send(type_, content=dict(content))
            return Made({"send": {"type": type_.value, **({"content": dict(content)} if content else {})}}, heard=True)
        case Wait(minutes=minutes):
            _wait(stage, sandbox, stage.now + timedelta(minutes=minutes))
            return Made({"wait": f"{minutes}m"})
        case Until(at=at):
            moment = _next_day_at(stage.now.astimezone(stage.program.zone), at)
            _wait(stage, sandbox, moment)
            return Made({"clock": moment.strftime(_CASE_CLOCK)})
        case HandBack():
            stage.resume()
            return Made({"resume": True})
        case Fault(connector=connector, kind=kind):
            sandbox.switch(connector, kind)
            return Made()
        case _:
            assert_never(move)


def _wait(stage: Stage, sandbox: Sandbox, until: datetime) -> None:
    """The sandbox's clock goes first: what becomes due on the way is answered as of then, not of now."""
    sandbox.move_clock(until)
    stage.wait_until(until)


def _next_day_at(now: datetime, at: str) -> datetime:
    hour, minute = map(int, at.split(":"))
    return (now + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)
