"""What an archive holds, once it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from platform_admin.errors import ControlPlaneError
from platform_admin.knowledge.evaluating import Expectation

FORMAT = 1
MANIFEST = "frontdesk.json"
KNOWLEDGE = "knowledge.md"
BUSINESS = "business.yaml"
SETTINGS = "settings.yaml"
QUESTIONS = "questions.yaml"
FLOWS = "flows"
CASES = "cases"


class ArchiveError(ControlPlaneError):
    """A file that is no archive of ours, or one that breaks a limit; nothing of it was used."""


@dataclass(frozen=True, slots=True)
class FlowText:
    text: str
    cases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Archive:
    """Texts as they stand in the files; ``None`` for a part that is not there. Nothing of it is checked yet.

    ``questions`` are those that must be right.
    """

    flows: Mapping[str, FlowText]
    knowledge: str | None = None
    business: str | None = None
    settings: str | None = None
    questions: tuple[Expectation, ...] | None = None
