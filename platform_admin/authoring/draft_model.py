"""What the editor's views show of a draft: the text, its map and its problems, from one reading of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flow_engine.diagnostics import Diagnostic
from flow_engine.language.reading import judge
from flow_engine.language.rejudge import Rejudge
from flow_engine.validation import Surroundings
from flow_engine.validation.recheck import Recheck
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.editing import Edit, foresee
from platform_admin.authoring.editing.source import read_source
from platform_admin.authoring.map import read_map
from platform_admin.authoring.problems import tell
from platform_admin.authoring.reasons import Reasons
from platform_admin.releases.callable_operations import surroundings_of
from platform_admin.releases.settings_document import SettingsDocument

KEPT_READINGS: Final = 32
"""Drafts being edited at one time in one process; a reading of 200 steps takes about a tenth of a second."""


@dataclass(frozen=True, slots=True)
class DraftModel:
    """``readable`` is false while the text is no YAML; then the map is empty and the other views say why."""

    text: str
    document: JSON
    program: JSONObject | None
    readable: bool
    diagnostics: tuple[Diagnostic, ...]
    reasons: Reasons
    """Kept with the reading: every tap in the phone asks for the titles of all steps."""

    def as_json(self) -> JSONObject:
        """For the islands of the page, in the active language."""
        return {
            "readable": self.readable,
            "problems": tell(self.diagnostics, self.document),
            "map": read_map(self.document).as_json(),
        }


@dataclass(frozen=True, slots=True)
class Known:
    """What a tenant's conversation can call, as a value: its settings in JSON, and which credentials are stored.

    ``business`` is the tenant's key: what is typed is compared with what was typed there before.
    """

    settings: str
    credentials: frozenset[str]
    business: int = 0

    def surroundings(self) -> Surroundings:
        return _surroundings(self)


@lru_cache(maxsize=KEPT_READINGS)
def _surroundings(known: Known) -> Surroundings:
    return surroundings_of(SettingsDocument.model_validate_json(known.settings), known.credentials)


@lru_cache(maxsize=KEPT_READINGS)
def _rejudge(file: str, known: Known) -> Rejudge:  # noqa: ARG001 - a draft of another file is another conversation
    return Rejudge(Recheck(known.surroundings()))


@lru_cache(maxsize=KEPT_READINGS)
def read_draft(text: str, file: str, known: Known) -> DraftModel:
    """Pure, so the same text is read once, whoever asks. ``file`` is what faults call it."""
    source = read_source(text)
    reading = judge(source, file=file, rules=_rejudge(file, known).rules.check)
    document = source.value if source.readable else None
    return DraftModel(
        text, document, reading.program, source.readable, reading.diagnostics, Reasons(reading.program or {})
    )


def look_ahead(text: str, edits: Sequence[Edit], file: str, known: Known) -> list[JSON]:
    """The problems that ``text`` would have with the edits made, which are not written. Raises ``EditError``.

    Without edits the text may be none that can be read: then those are its problems.
    """
    source = foresee(text, edits) if edits else read_source(text)
    return tell(_rejudge(file, known).diagnostics(source, file), source.value if source.readable else None)
