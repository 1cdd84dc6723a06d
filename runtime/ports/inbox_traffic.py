"""What is remembered of a contact's recent messages, and the rule that reads it when the next one is claimed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Traffic:
    """All times are microseconds since 1970 UTC, as stored.

    ``allowance`` messages may still come at once, as of ``counted_at``. ``seen`` holds by fingerprint when messages
    that say the same came, the oldest first, as long as they matter. Until ``paused_until`` nothing is answered.
    """

    allowance: float
    counted_at: int
    seen: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    paused_until: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    """What the staff is told."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to remember now, and whether the message is worked on: ``refusal`` says why not, ``None`` that it is.

    ``loop_found`` is true for the message that makes the contact pause; ``alert`` tells the staff of it.
    """

    traffic: Traffic
    refusal: str | None = None
    loop_found: bool = False
    alert: Alert | None = None


type Judge = Callable[[Traffic | None, int, int], Verdict]
"""(what is remembered, the message's fingerprint, when it came) → verdict. Pure; runs inside the claim."""
