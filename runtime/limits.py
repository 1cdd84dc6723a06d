"""``RuntimeLimits``: the numbers a tenant may set for what comes in and what goes out, each with its usual value.

A bundle carries them under ``limits``, a development file under the same key. What is not named there keeps its usual
value; 0 switches a limit off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Final, Self

from flow_engine.vocabulary import JSON
from runtime.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class InboundLimits:
    """What one contact may send. Field names are the configuration's keys.

    ``burst_window_s``: short texts that follow each other within so many seconds become one turn; 0 answers each by
    itself. ``inbound_per_contact_per_minute``: above it messages are parked unanswered. ``loop_messages`` alike within
    ``loop_window_s`` are taken for another bot's: the contact is paused for ``loop_pause_s``. A message that comes in
    more than ``late_after_s`` after it was sent is late. An event is parked after ``max_attempts`` that got nowhere.
    """

    burst_window_s: float = 0.0
    """A customer who sends one text should not wait, so this is for businesses whose customers write in pieces."""
    inbound_per_contact_per_minute: int = 60
    """One a second is more than a person types, and a flood for a bot that answers each."""
    loop_messages: int = 20
    loop_window_s: float = 300.0
    loop_pause_s: float = 3600.0
    """Long enough for two bots to let go of each other, short enough for a person who was mistaken for one."""
    late_after_s: float = 43_200.0
    """An outage over night is still answered as if live; what is older meets a conversation that has moved on."""
    max_attempts: int = 3
    """One for bad luck, one for proof, one for a fix."""

    @property
    def late_after(self) -> timedelta:
        return timedelta(seconds=self.late_after_s or timedelta.max.total_seconds() // 2)


@dataclass(frozen=True, slots=True)
class SendPace:
    """How fast a channel's account may send; 0 means without limit. Field names are the configuration's keys.

    One contact gets ``pair_burst`` messages at once and then one every ``pair_interval_s``.
    """

    messages_per_s: float = 0.0
    pair_interval_s: float = 0.0
    pair_burst: int = 1


UNPACED: Final = SendPace()


@dataclass(frozen=True, slots=True)
class RuntimeLimits:
    """``pace`` overrides the pace a channel has by itself, number by number; ``None`` leaves it."""

    inbound: InboundLimits = field(default_factory=InboundLimits)
    pace: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def from_json(cls, block: JSON) -> Self:
        """``None`` is an empty block. Unknown keys are passed over: a newer control plane may know more of them.

        Raises:
            ConfigurationError: every value that is no number from 0 up, by key.
        """
        raw = {} if block is None else block
        if not isinstance(raw, dict):
            raise ConfigurationError(["limits: must be an object"])
        known: dict[str, type] = {item.name: type(item.default) for item in (*fields(InboundLimits), *fields(SendPace))}
        wrong = [key for key in raw if key in known and not _fits(raw[key], known[key])]
        if wrong:
            raise ConfigurationError([f"limits.{key}: must be a number from 0 up" for key in wrong])
        given = {key: known[key](value) for key, value in raw.items() if key in known}
        inbound = {item.name for item in fields(InboundLimits)}
        return cls(
            InboundLimits(**{key: value for key, value in given.items() if key in inbound}),
            {key: value for key, value in given.items() if key not in inbound},
        )

    def paced(self, own: SendPace) -> SendPace:
        """A channel's ``own`` pace with the tenant's numbers put over it. A channel without one stays without."""
        if own == UNPACED:
            return own
        values = {item.name: getattr(own, item.name) for item in fields(own)}
        return SendPace(**values | dict(self.pace))


def _fits(value: JSON, kind: type) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= MOST and (kind is float or value == int(value))


MOST: Final = 1e9
"""Above every sensible limit; keeps arithmetic with times in range."""
