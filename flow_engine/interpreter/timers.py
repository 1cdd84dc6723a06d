"""Timers: what one leads to when it fires."""

from __future__ import annotations

from flow_engine.events import TimerFired
from flow_engine.interpreter.turn import Turn
from flow_engine.trace_detours import BotResumed, TimerIgnored


def fire_timer(turn: Turn, event: TimerFired) -> None:
    turn.trace.append(TimerIgnored(event.timer))


def resume(turn: Turn) -> None:
    turn.begin()
    turn.paused = False
    turn.trace.append(BotResumed())
