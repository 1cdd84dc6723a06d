"""A broken promise: which, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Promise(StrEnum):
    """What docs/reliability.md promises, as far as one judge looks at it."""

    SYNCED = "a 200 leaves after a sync"
    STORED = "what is acknowledged is stored"
    UNDAMAGED = "the file is sound"
    STORED_ONCE = "a message is stored once"
    COUNTED = "an attempt is counted before the work"
    FINISHED = "everything is finished"
    IN_ORDER = "a contact's messages are stored and answered in order"
    ANSWERED = "the replies are those that follow from the messages"
    SENT_ONCE = "a reply is sent once"
    FIRED_ONCE = "a task is fired once"
    BOOKED_ONCE = "a booking is made once"
    WELL_FORMED = "the Graph API refuses nothing"


@dataclass(frozen=True, slots=True)
class Broken:
    """``what`` is a sentence for whoever reads the run's output."""

    promise: Promise
    what: str
