"""``begun``: run an awaitable as far as it goes without waiting.

A deadline costs several microseconds to set up and to take down. Whoever awaits what is nearly always there asks for it
first, and sets a deadline only if there is something to wait for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Generator
from dataclasses import dataclass


@dataclass(slots=True)
class Finished[Result]:
    """It did not have to wait."""

    value: Result


class Waiting[Result]:
    """It waits; whoever awaits this goes on where it stopped."""

    __slots__ = ("_steps", "_waited_for")

    def __init__(self, steps: Generator[object, object, Result], waited_for: object) -> None:
        self._steps = steps
        self._waited_for = waited_for

    def __await__(self) -> Generator[object, object, Result]:
        waited_for = self._waited_for
        while True:
            fault: BaseException | None = None
            sent: object = None
            try:
                sent = yield waited_for
            except GeneratorExit:
                self._steps.close()
                raise
            except BaseException as thrown:  # noqa: BLE001 - a cancellation is for what is waited for, as in ``await``
                fault = thrown
            try:
                waited_for = self._steps.send(sent) if fault is None else self._steps.throw(fault)
            except StopIteration as done:
                result: Result = done.value
                return result


def begun[Result](awaitable: Awaitable[Result]) -> Finished[Result] | Waiting[Result]:
    """To be called inside of a task. What it raises before it waits is raised here."""
    steps = awaitable.__await__()
    try:
        waited_for = steps.send(None)
    except StopIteration as done:
        return Finished(done.value)
    return Waiting(steps, waited_for)
