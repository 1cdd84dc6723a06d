"""Reads a mapping of a case file key by key; every fault is kept with its place and reading goes on.

==== =============================
T001 a key that is not known
T002 a key that is missing
T003 a value of the wrong kind
T004 a value that means nothing
T005 a step that does not do exactly one thing
==== =============================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from flow_engine.cases.place import Place
from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.kind_words import kind_of
from flow_engine.language.yaml_reader import Locations, Path
from flow_engine.validation.suggestion import suggest
from flow_engine.vocabulary import JSON, JSONObject

_DURATION: Final = re.compile(r"([0-9]{1,6})\s*([smhd])", re.ASCII)
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

YEARS: Final = range(1971, 2200)
"""In which a case may happen; farther out, calendars and clocks of a computer end."""

MAX_WAIT_DAYS: Final = 366
"""A year: nobody waits longer for an answer in a chat."""


class Source:
    """One file while it is read."""

    def __init__(self, file: str, locations: Locations) -> None:
        self.file = file
        self.locations = locations
        self.diagnostics: list[Diagnostic] = []

    def place(self, path: Path, *, at_key: bool = False) -> Place:
        at = self.locations.of_key(path) if at_key else self.locations.of_value(path)
        return Place(self.file, at.line, at.column, path)

    def fault(self, code: str, message: str, hint: str, place: Place) -> None:
        self.diagnostics.append(
            Diagnostic(code, Severity.ERROR, message, hint, place.file, place.line, place.column),
        )


class Fields:
    """One mapping. Each ``take`` answers with ``None`` (or empty) for a key that is absent or at fault."""

    def __init__(self, source: Source, value: JSON, path: Path, known: Iterable[str]) -> None:
        self.source = source
        self.path = path
        self._values: Mapping[str, JSON] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.fault("T003", f"{name_of(path)} must be a mapping, not {kind_of(value)}.", "Write 'key: value'.")
        known = tuple(known)
        for key in self._values:
            if key not in known:
                place = source.place((*path, key), at_key=True)
                hint = suggest(key, known) or "If it is part of a text, put the text in quotes."
                source.fault("T001", f"The key '{key}' is not known here.", hint, place)

    @property
    def place(self) -> Place:
        return self.source.place(self.path)

    def fault(self, code: str, message: str, hint: str = "", key: str | None = None) -> None:
        self.source.fault(code, message, hint, self.place if key is None else self.source.place((*self.path, key)))

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def members(self) -> Iterator[tuple[str, JSON]]:
        yield from self._values.items()

    def raw(self, key: str) -> JSON:
        return self._values.get(key)

    def text(self, key: str) -> str | None:
        value = self._values.get(key)
        if isinstance(value, str) or key not in self._values:
            return value if isinstance(value, str) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self._refuse(key, "a text", "Put it in quotes.")
        return None

    def required_text(self, key: str) -> str:
        if key not in self._values:
            self.fault("T002", f"The key '{key}' is missing.", f"Add '{key}: …'.")
        return self.text(key) or ""

    def texts(self, key: str) -> tuple[str, ...] | None:
        """One text, or a list of texts."""
        value = self._values.get(key)
        if key not in self._values:
            return None
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._refuse(key, "a text or a list of texts", "Put each text in quotes.")
            return None
        return tuple(str(item) for item in value)

    def flag(self, key: str) -> bool | None:
        value = self._values.get(key)
        if isinstance(value, bool) or key not in self._values:
            return value if isinstance(value, bool) else None
        self._refuse(key, "true or false", "Write true or false without quotes.")
        return None

    def mapping(self, key: str) -> JSONObject | None:
        value = self._values.get(key)
        if isinstance(value, dict) or key not in self._values:
            return value if isinstance(value, dict) else None
        self._refuse(key, "a mapping", "Write 'key: value'.")
        return None

    def items(self, key: str) -> Iterator[tuple[Path, JSON]]:
        """The items of a list with their paths; nothing for an absent key."""
        value = self._values.get(key)
        if key not in self._values:
            return
        if not isinstance(value, list):
            self._refuse(key, "a list", "Begin each item with '- '.")
            return
        for index, item in enumerate(value):
            yield (*self.path, key, index), item

    def duration(self, key: str) -> int | None:
        """``30m`` in seconds."""
        text = self.text(key)
        match = None if text is None else _DURATION.fullmatch(text.strip())
        if text is not None and match is None:
            self.fault("T004", f"'{text}' is no length of time.", "Write a number and s, m, h or d: 30m, 2h, 3d.", key)
        seconds = 0 if match is None else int(match[1]) * _UNITS[match[2]]
        if seconds > MAX_WAIT_DAYS * _UNITS["d"]:
            self.fault("T004", f"'{text}' is longer than {MAX_WAIT_DAYS} days.", "Wait a shorter time.", key)
        return None if match is None else seconds

    def moment(self, key: str) -> str | None:
        """An ISO date and time, as it is written."""
        text = self.text(key)
        if text is not None and not is_moment(text):
            self.fault("T004", f"'{text}' is no date and time.", "Write it like 2026-11-24T09:00.", key)
        return text

    def word[W: str](self, key: str, words: Callable[[str], W], known: Iterable[str], what: str) -> W | None:
        """One of few words: ``words`` makes a value of it or raises ``ValueError``."""
        text = self.text(key)
        try:
            return None if text is None else words(text)
        except ValueError:
            self.fault("T004", f"There is no {what} '{text}'.", suggest(str(text), known), key)
            return None

    def _refuse(self, key: str, wanted: str, hint: str) -> None:
        self.fault("T003", f"'{key}' must be {wanted}, not {kind_of(self._values.get(key))}.", hint, key)


def is_moment(text: str) -> bool:
    """An ISO date and time that every zone's clock can show."""
    try:
        return datetime.fromisoformat(text.strip()).year in YEARS
    except ValueError:
        return False


def name_of(path: Path) -> str:
    names = [str(step) for step in path if isinstance(step, str)]
    if not names:
        return "The file"
    return f"An item of '{names[-1]}'" if isinstance(path[-1], int) else f"'{names[-1]}'"
