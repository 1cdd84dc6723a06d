"""What a check found, in words that are put into the reader's language when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from django.utils.translation import gettext

from connectors.whatsapp.management_client import ManagementError
from platform_admin.whatsapp.checks.graph_words import WORDS


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: ``words`` in English, as the catalogue has them, and what fills their blanks."""

    words: str
    values: Mapping[str, str]

    def __str__(self) -> str:
        return gettext(self.words) % self.values


@dataclass(frozen=True, slots=True)
class Finding:
    """``said`` tells what was found; of a fault also what to do. A ``warning`` is good enough for now."""

    is_good: bool
    said: tuple[Said, ...]
    is_warning: bool = False

    @classmethod
    def good(cls, words: str, **values: str) -> Self:
        return cls(True, (Said(words, values),))

    @classmethod
    def warning(cls, words: str, **values: str) -> Self:
        return cls(True, (Said(words, values),), is_warning=True)

    @classmethod
    def fault(cls, words: str, **values: str) -> Self:
        return cls(False, (Said(words, values),))

    @classmethod
    def failure(cls, error: ManagementError) -> Self:
        """The question itself failed."""
        return cls.fault(WORDS[error.trouble], detail=error.detail)

    def and_also(self, other: Finding) -> Self:
        """The same, with what another one says."""
        return replace(self, said=(*self.said, *other.said))

    @property
    def detail(self) -> str:
        """All of it, in the language that is active now."""
        return " ".join(map(str, self.said))
