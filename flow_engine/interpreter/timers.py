"""Timers: what one leads to when it fires, and which of them run once an event is worked off."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from flow_engine.events import OperatorResumed, StaffTookOver, TimerFired
from flow_engine.interpreter.position import leave_calls, present_state
from flow_engine.interpreter.running_timers import start_timer, start_timer_at, stop_timer
from flow_engine.interpreter.states import end_conversation, go
from flow_engine.interpreter.turn import Turn
from flow_engine.limits import MAX_UNANSWERED_TIMEOUTS
from flow_engine.program.state import State
from flow_engine.program.timeout import Timeout
from flow_engine.trace import EnteredBecause
from flow_engine.trace_detours import BotPaused, BotResumed, TimerIgnored, TimerRang
from flow_engine.vocabulary import Timer


def fire_timer(turn: Turn, event: TimerFired) -> None:
    """A timer that is not the present one of its name changes nothing."""
    if turn.timers.get(event.timer) != event.token:
        turn.trace.append(TimerIgnored(event.timer))
        return
    turn.begin()
    turn.timers = {name: token for name, token in turn.timers.items() if name != event.timer}
    if event.timer == Timer.RESUME:
        turn.paused = False
        turn.trace.append(BotResumed())
    elif turn.paused or (state := present_state(turn)) is None:
        turn.trace.append(TimerIgnored(event.timer))
    elif event.timer == Timer.TIMEOUT and state.timeout is not None:
        _time_out(turn, state.timeout)
    elif event.timer == Timer.SESSION:
        expire(turn)
    else:
        turn.trace.append(TimerIgnored(event.timer))


def change_hands(turn: Turn, event: OperatorResumed | StaffTookOver) -> None:
    """The bot speaks again from the next message on, or keeps silent until the staff have been silent long enough."""
    turn.begin()
    turn.paused = isinstance(event, StaffTookOver)
    turn.trace.append(BotPaused() if turn.paused else BotResumed())
    if isinstance(event, StaffTookOver) and event.resume_after_s is not None:
        start_timer(turn, Timer.RESUME, event.resume_after_s)
    else:
        stop_timer(turn, Timer.RESUME)


def expire(turn: Turn) -> None:
    """The customer was silent for too long: the conversation is over, or goes where the flow says."""
    turn.trace.append(TimerRang(Timer.SESSION.value))
    turn.stop_waiting()
    session = turn.program.session
    target = None if session is None else session.target
    if target is None:
        end_conversation(turn, "session")
    else:
        leave_calls(turn)
        turn.interrupted = None
        go(turn, target, EnteredBecause.SESSION)


def is_expired(turn: Turn) -> bool:
    """A message that comes after the session's end begins anew, even where its timer has not fired."""
    session, last_at = turn.program.session, turn.last_at
    if session is None or last_at is None or turn.state is None:
        return False
    return (turn.at - last_at).total_seconds() >= session.expires_after_s


def set_timers(turn: Turn, *, heard: bool) -> None:
    """Start and stop what the place the conversation came to asks for. ``heard``: the customer said something."""
    if turn.task is not None and not turn.paused:
        return
    state = present_state(turn)
    moved = heard or bool(turn.entered)
    _set_timeout(turn, state, restarts=moved)
    session = turn.program.session
    if session is None or session.target is None or state is None or turn.paused:
        stop_timer(turn, Timer.SESSION)
    elif heard:
        start_timer(turn, Timer.SESSION, session.expires_after_s)


def _set_timeout(turn: Turn, state: State | None, *, restarts: bool) -> None:
    timeout = None if state is None else state.timeout
    if timeout is None or turn.paused or turn.waiting is not None or turn.unanswered >= MAX_UNANSWERED_TIMEOUTS:
        stop_timer(turn, Timer.TIMEOUT)
    elif not restarts and Timer.TIMEOUT in turn.timers:
        return
    elif timeout.after_s is not None:
        start_timer(turn, Timer.TIMEOUT, timeout.after_s)
    elif timeout.at is not None:
        _start_at(turn, timeout.at)


def _start_at(turn: Turn, at: time) -> None:
    """The next time the tenant's clock shows ``at``."""
    try:
        local = turn.at.astimezone(turn.program.zone)
        run_at = datetime.combine(local.date(), at, local.tzinfo)
        if run_at <= local:
            run_at = datetime.combine(local.date() + timedelta(days=1), at, local.tzinfo)
        start_timer_at(turn, Timer.TIMEOUT, run_at.astimezone(UTC))
    except OverflowError:  # beyond the last day that a datetime can hold
        return


def _time_out(turn: Turn, timeout: Timeout) -> None:
    turn.trace.append(TimerRang(Timer.TIMEOUT.value))
    turn.unanswered += 1
    turn.stop_waiting()
    turn.assign_all(timeout.set_data)
    go(turn, timeout.target, EnteredBecause.TIMEOUT)
