"""The word lists beside this file, read once: what a word means to the verifier.

A word is *neutral* (carries no fact), a *predicate* (a verb that only ties its objects together),
part of a *concept* (one meaning, any synonym, both languages) or none of these: then it is compared
as it is written. Only Spanish and English have lists; answers in other languages are quoted.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connectors.llm.verification.inflection import english_forms, spanish_forms

LANGUAGES = ("es", "en")

_FOLDER = Path(__file__).with_name("lexicon")
_LONGEST_PHRASE = 4
"""Words."""


def plain_letters(text: str) -> str:
    """``text`` in lower case, without accents, with one kind of apostrophe and hyphen."""
    text = text.casefold().replace("’", "'").replace("‑", "-").replace("–", "-").replace("—", "-")
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(letter for letter in decomposed if not unicodedata.combining(letter)))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. Keys are folded (``plain_letters``); phrases are words joined by one blank."""

    neutral: frozenset[str]
    predicates: Mapping[str, str] = field(repr=False)
    """word → the name of its row, empty for most"""
    concepts: Mapping[str, str] = field(repr=False)

    def knows(self, word: str) -> bool:
        return word in self.neutral or word in self.predicates or word in self.concepts

    def phrase_at(self, words: list[str], start: int) -> tuple[int, str] | None:
        """The longest phrase that begins there: how many words, and its concept."""
        for length in range(min(_LONGEST_PHRASE, len(words) - start), 0, -1):
            concept = self.concepts.get(" ".join(words[start : start + length]))
            if concept is not None:
                return length, concept
        return None


@functools.cache
def lexicon(language: str) -> Lexicon:
    """The lists of ``es`` or ``en``."""
    column = LANGUAGES.index(language)
    concepts: dict[str, str] = {}
    for name, columns in _rows("concepts.txt"):
        concepts.update(dict.fromkeys(_words(columns[column], language), name))
    predicates: dict[str, str] = {}
    for name, columns in _rows("predicates.txt"):
        predicates.update(dict.fromkeys(_words(columns[column], language), name))
    neutral = frozenset(" ".join(_lines(f"neutral.{language}.txt")).split())
    concepts = {word: name for word, name in concepts.items() if word not in predicates}
    return Lexicon(neutral - predicates.keys(), predicates, concepts)


def _lines(name: str) -> Iterator[str]:
    for line in (_FOLDER / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _rows(name: str) -> Iterator[tuple[str, list[str]]]:
    for line in _lines(name):
        label = re.match(r"(\w+): ", line)
        yield (label[1] if label else ""), (line[label.end() :] if label else line).split("|")


def _words(column: str, language: str) -> Iterator[str]:
    for entry in column.split(","):
        word = plain_letters(entry.strip())
        if word.startswith("~"):
            yield from spanish_forms(word[1:]) if language == "es" else english_forms(word[1:])
        elif word:
            yield word


def language_of(text: str) -> str:
    """The language whose small words ``text`` has more of; Spanish when neither leads."""
    words = re.findall(r"[a-z']+", plain_letters(text))
    spanish, english = (sum(word in _small_words(language) for word in words) for language in LANGUAGES)
    return "en" if english > spanish else "es"


@functools.cache
def _small_words(language: str) -> frozenset[str]:
    """Neutral words, predicates and whatever else only this language has."""
    own, other = lexicon(language), lexicon("en" if language == "es" else "es")
    words = own.neutral | own.predicates.keys() | own.concepts.keys()
    return frozenset(words - other.neutral - other.predicates.keys() - other.concepts.keys())
