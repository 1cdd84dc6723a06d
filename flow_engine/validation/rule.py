"""``Rule``: one thing that can be wrong with a flow, with the reason and two examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Path


@dataclass(frozen=True, slots=True)
class Fault:
    """Where and how a rule is broken. The meaning of the fields is that of ``Finding``."""

    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """``find`` yields every breach. ``code`` never changes its meaning.

    ``wrong`` and ``right`` are whole small flows; the line of ``wrong`` where the rule fires first
    ends with ``# here``. The reference is made from these, and the tests run them.
    """

    code: str
    name: str
    severity: Severity
    reason: str
    wrong: str
    right: str
    find: Callable[[Outline], Iterator[Fault]]
