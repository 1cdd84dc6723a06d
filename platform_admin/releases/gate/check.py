"""One line of the gate, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from django.utils.functional import Promise

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.vocabulary import JSONObject
from platform_admin.documents.faults import fault_as_json
from platform_admin.releases.gate.candidate import Candidate

type Place = Literal[
    "business", "connections", "credentials", "flow", "knowledge", "settings", "templates", "tests"
]  # fmt: skip
"""Where a person mends what the check found."""


class State(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_AVAILABLE = "not_available"
    """It could not be run. That is never the same as passed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``faults`` may hold warnings of a check that passed. ``reason`` says why a check is not available.

    ``place`` is where this is mended, where it is not the check's own.
    """

    state: State
    faults: tuple[Diagnostic, ...] = ()
    reason: str = ""
    place: Place | None = None

    @classmethod
    def of(cls, faults: Iterable[Diagnostic], *, place: Place | None = None) -> Self:
        """Failed when one of them is an error."""
        found = tuple(faults)
        failed = any(fault.severity is Severity.ERROR for fault in found)
        return cls(State.FAILED if failed else State.PASSED, found, place=place)

    @classmethod
    def not_available(cls, reason: str, *, place: Place | None = None) -> Self:
        return cls(State.NOT_AVAILABLE, reason=reason, place=place)


@dataclass(frozen=True, slots=True)
class Check:
    """``must_run``: publishing waits until the check can be run; else it is only shown that it was not."""

    code: str
    title: str | Promise
    place: Place
    run: Callable[[Candidate], Outcome]
    must_run: bool = True


@dataclass(frozen=True, slots=True)
class CheckResult:
    check: Check
    outcome: Outcome

    @property
    def place(self) -> Place:
        """Where a person mends what this result tells of."""
        return self.outcome.place or self.check.place

    @property
    def refuses(self) -> bool:
        state = self.outcome.state
        return state is State.FAILED or (state is State.NOT_AVAILABLE and self.check.must_run)

    def to_json(self) -> JSONObject:
        return {
            "code": self.check.code,
            "title": str(self.check.title),
            "place": self.place,
            "state": str(self.outcome.state),
            "reason": self.outcome.reason,
            "faults": [fault_as_json(fault) for fault in self.outcome.faults],
        }
