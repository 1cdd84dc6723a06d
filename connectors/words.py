"""``Words``: one sentence for people, in the languages of the product."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """``en`` is read in every language that has no sentence of its own."""

    en: str
    es: str

    def in_language(self, language: str) -> str:
        """The sentence for ``language`` (BCP 47)."""
        return self.es if language.partition("-")[0].lower() == "es" else self.en

    def __str__(self) -> str:
        return self.en
