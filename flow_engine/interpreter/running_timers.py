"""Starting and stopping timers. They are few and belong to the conversation, so no loop guard counts them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flow_engine.effects import CancelTimer, StartTimer
from flow_engine.interpreter.turn import Turn
from flow_engine.vocabulary import Timer


def start_timer(turn: Turn, timer: Timer, seconds: int) -> None:
    try:
        run_at = (turn.at + timedelta(seconds=seconds)).astimezone(UTC)
    except OverflowError:  # beyond the last day that a datetime can hold
        return
    start_timer_at(turn, timer, run_at)


def start_timer_at(turn: Turn, timer: Timer, run_at: datetime) -> None:
    """``run_at`` is in UTC."""
    token = turn.unguarded_effect_id()
    turn.effects.append(StartTimer(token, timer.value, run_at))
    turn.timers = {**turn.timers, timer.value: token}


def stop_timer(turn: Turn, timer: Timer) -> None:
    if timer.value in turn.timers:
        turn.timers = {name: token for name, token in turn.timers.items() if name != timer.value}
        turn.effects.append(CancelTimer(turn.unguarded_effect_id(), timer.value))
