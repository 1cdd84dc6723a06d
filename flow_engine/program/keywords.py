from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flow_engine.answers import fold
from flow_engine.program.reading import Fields
from flow_engine.vocabulary import JSON

EVERY_LANGUAGE: Final = "*"
"""The key of words that count whatever the contact speaks."""


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words and phrases that stand for something, folded, by language in lower case."""

    by_language: Mapping[str, frozenset[str]]

    def has(self, words: str, language: str) -> bool:
        """Whether the folded ``words`` are one of them for a contact who speaks ``language`` (a BCP 47 tag).

        A contact whose language has no words of its own may use those of any.
        """
        sets = self.by_language
        if words in sets.get(EVERY_LANGUAGE, ()):
            return True
        tag = language.lower()
        own = sets.get(tag) or sets.get(tag.partition("-")[0])
        return words in own if own is not None else any(words in known for known in sets.values())

    def every(self) -> frozenset[str]:
        """The words of all languages."""
        return frozenset().union(*self.by_language.values())


def read_keywords(fields: Fields, key: str) -> Keywords | None:
    """``{"*" | language: [words]}``; ``None`` where there are none at all."""
    value = fields.optional(key)
    if not value:
        return None
    if not isinstance(value, dict):
        fields.fail(key, "words by language were expected")
    return Keywords({language.lower(): _read_words(fields, key, words) for language, words in value.items()})


def _read_words(fields: Fields, key: str, words: JSON) -> frozenset[str]:
    if not isinstance(words, list) or not all(isinstance(word, str) and fold(word) for word in words):
        fields.fail(key, "a list of words was expected")
    return frozenset(fold(str(word)) for word in words)
