"""``Activity``: what this process has done since it began, told by every stored step."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from runtime.ports.conversation_store import StepCommit


@dataclass(slots=True)
class Activity:
    """``report_soon`` is set when somebody waits for what the next report says; whoever sends it clears it."""

    turns: int = 0
    messages: int = 0
    report_soon: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, step: StepCommit) -> None:
        """A step is on disk."""
        self.turns += step.done
        self.messages += len(step.messages)
        if any(outcome.kind == "hand_off" for outcome in step.outcomes):
            self.report_soon.set()
