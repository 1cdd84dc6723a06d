from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flow_engine.answers.words import Words


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What a natural answer is understood with.

    ``now`` is the moment of the answer in the tenant's zone (aware). ``region`` is a country of ISO 3166 (``ES``,
    ``GB``) or empty where none is known; it decides between day and month first, and how a phone number is completed.
    ``past`` says that the answer is about something that lies behind: "on friday" was last week then.
    """

    words: Words
    now: datetime
    region: str = ""
    past: bool = False
