"""What the control plane sees of the runtimes. Each table stands beside its kin in the module it is named from here."""

from __future__ import annotations

from platform_admin.observability.attention import Incident, Notice, UnansweredQuestion
from platform_admin.observability.conversations import Conversation, HandOff, Turn
from platform_admin.observability.counts import DailyCount, HourlyCount
from platform_admin.observability.runtime_sighting import ReceivedReport, RuntimeSighting
from platform_admin.observability.unfinished import DeadLetter, ScheduledTask

__all__ = [
    "Conversation",
    "DailyCount",
    "DeadLetter",
    "HandOff",
    "HourlyCount",
    "Incident",
    "Notice",
    "ReceivedReport",
    "RuntimeSighting",
    "ScheduledTask",
    "Turn",
    "UnansweredQuestion",
]
