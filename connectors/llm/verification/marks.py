"""A text as a row of marks: atoms, the words that turn a yes into a no, and where a clause may end."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from connectors.llm.verification import clock_times, figure_patterns
from connectors.llm.verification.figures import Atom, Kind
from connectors.llm.verification.inflection import word_keys
from connectors.llm.verification.lexicon import LANGUAGES, Lexicon, lexicon, plain_letters
from connectors.llm.verification.number_words import with_digits


class Break(StrEnum):
    """Where one clause ends, from weak to strong."""

    COMMA = "comma"
    AND = "and"
    OR = "or"
    BUT = "but"
    CELL = "cell"
    LABEL = "label"
    SENTENCE = "sentence"


class Turn(StrEnum):
    """Words that are not compared but turn, or fix, what is said."""

    NOT = "not"
    PREDICATE = "predicate"
    COST = "cost"
    PAY = "pay"
    LAST = "last"
    ACCEPT = "accept"
    ALLOW = "allow"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ForeignWord:
    """A small word of the other language."""

    word: str


type Mark = Atom | Break | Turn | ForeignWord

_NOT = {
    "es": frozenset("no nunca jamas ningun ninguna ninguno nada nadie tampoco".split()),
    "en": frozenset("not no never none nothing nobody neither".split()),
}
_WITHOUT = {"es": frozenset({"sin"}), "en": frozenset({"without"})}
_JOINTS = {
    "es": {"y": Break.AND, "e": Break.AND, "o": Break.OR, "u": Break.OR, "ni": Break.OR, "pero": Break.BUT}
    | {"aunque": Break.BUT, "mientras": Break.BUT},
    "en": {"and": Break.AND, "or": Break.OR, "nor": Break.OR, "but": Break.BUT, "while": Break.BUT}
    | {"although": Break.BUT, "though": Break.BUT},
}
_STOPS = {",": Break.COMMA, ";": Break.COMMA, "(": Break.COMMA, ")": Break.COMMA, "|": Break.CELL, ":": Break.LABEL}
_ABBREVIATIONS = frozenset("dr dra sr sra mr mrs ms st tel aprox av avda nº num no".split())
_GUARDED = re.compile(r"\b(?:we(?:'ll| will)? pay|(?:te |os |le |les )?pagamos|pagaremos)\b")
"""Who pays whom is the one thing that the list of predicates would lose."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\W\d_]")
type _Reader = Callable[[re.Match[str]], list[Atom] | None]
_FIGURES: tuple[tuple[re.Pattern[str], _Reader, bool], ...] = (
    (figure_patterns.LINK, figure_patterns.link, False),
    (figure_patterns.PHONE, figure_patterns.phone, True),
    (figure_patterns.MONEY, figure_patterns.money, True),
    (figure_patterns.PERCENT, figure_patterns.percent, True),
    (figure_patterns.TWO_DATES, figure_patterns.two_dates, True),
    (figure_patterns.DATE, figure_patterns.one_date, False),
    (clock_times.SPAN, clock_times.span, False),
    (clock_times.TOLD, clock_times.told, False),
    (clock_times.BARE, clock_times.bare, True),
    (figure_patterns.MEASURE, figure_patterns.measure, True),
    (figure_patterns.MONTH_SPAN, figure_patterns.month_span, False),
    (figure_patterns.DAY_SPAN, figure_patterns.day_span, False),
    (figure_patterns.DAY_SET, figure_patterns.day_set, False),
    (figure_patterns.DAY, figure_patterns.day, False),
    (figure_patterns.MONTH, figure_patterns.month, False),
)
"""In the order they are tried. The last column: begins with a digit or a currency, nothing else."""


def read_marks(text: str, language: str) -> list[Mark]:
    """Every mark of ``text``, which is written in ``language`` (``es`` or ``en``)."""
    folded = plain_letters(text).replace("n't", " not").replace("cannot", "can not")
    return _Scan(with_digits(folded, language), language).marks()


class _Scan:
    def __init__(self, text: str, language: str) -> None:
        self._text = _GUARDED.sub("wepaythem", text)
        self._language = language
        self._words: Lexicon = lexicon(language)
        self._others: Lexicon = lexicon(next(other for other in LANGUAGES if other != language))
        self._found: list[Mark] = []
        self._without = False

    def marks(self) -> list[Mark]:
        position, text = 0, self._text
        while position < len(text):
            letter = text[position]
            if letter == " ":
                position += 1
            elif (end := self._figure(position)) or (end := self._number(position)) or (end := self._word(position)):
                position = end
            else:
                self._punctuation(letter, position)
                position += 1
        return self._found

    def _figure(self, position: int) -> int:
        starts_with_digit = self._text[position] in "0123456789+€$£"
        for pattern, read, digits_only in _FIGURES:
            if digits_only and not starts_with_digit:
                continue
            found = pattern.match(self._text, position)
            atoms = read(found) if found is not None else None
            if found is not None and atoms:
                for atom in atoms:
                    self._add(atom)
                return found.end()
        return 0

    def _number(self, position: int) -> int:
        found = figure_patterns.NUMBER.match(self._text, position)
        if found is None:
            return 0
        self._add(Atom(Kind.NUMBER, (figure_patterns.number(found[1]), self._counted(found.end()))))
        return found.end()

    def _counted(self, position: int) -> frozenset[str]:
        """What a number counts: the first words after it that mean something ("six free parking spaces")."""
        following = re.match(r"(?: [^\W\d_]+){0,3}", self._text[position : position + 60])
        keys: set[str] = set()
        for word in following[0].split() if following is not None else ():
            if word in _JOINTS[self._language]:
                break
            if word in self._words.neutral:
                break
            concept = self._words.concepts.get(word)
            if concept is not None or not self._words.knows(word):
                keys |= word_keys(word) | ({f"c:{concept}"} if concept else set())
        return frozenset(keys)

    def _word(self, position: int) -> int:
        first = _WORD.match(self._text, position)
        if first is None:
            return 0
        word = first[0].replace("-", "") if first[0].count("-") == 1 else first[0]
        ahead = [word, *(item[0] for item in _WORD.finditer(self._text, first.end(), first.end() + 60))][:5]
        gaps = self._text[first.end() : first.end() + 60]
        phrase = self._words.phrase_at(_adjacent(ahead, gaps), 0)
        if phrase is not None:
            length, concept = phrase
            end = self._end_of(position, length)
            self._add(
                Atom(Kind.WORD, frozenset({f"c:{concept}"}) | (self._keys([word]) if length == 1 else frozenset()))
            )
            return end
        self._single(word)
        return first.end()

    def _single(self, word: str) -> None:
        language = self._language
        if word in _JOINTS[language]:
            self._found.append(_JOINTS[language][word])
        elif word in _NOT[language]:
            self._found.append(Turn.NOT)
        elif word in _WITHOUT[language]:
            self._without = True
        elif word in self._words.predicates:
            self._found.append(Turn(self._words.predicates[word] or Turn.PREDICATE))
        elif word in self._words.neutral:
            return
        elif word in self._others.neutral or word in self._others.predicates:
            self._found.append(ForeignWord(word))
        else:
            self._add(Atom(Kind.WORD, self._keys([word])))

    def _keys(self, words: list[str]) -> frozenset[str]:
        return frozenset(key for word in words for key in word_keys(word))

    def _add(self, atom: Atom) -> None:
        if self._without:
            atom = Atom(atom.kind, atom.value, negative=True)
            self._without = False
        self._found.append(atom)

    def _end_of(self, position: int, words: int) -> int:
        end = position
        for _ in range(words):
            found = _WORD.search(self._text, end)
            end = found.end() if found is not None else end
        return end

    def _punctuation(self, letter: str, position: int) -> None:
        if letter in _STOPS:
            self._found.append(_STOPS[letter])
        elif letter in "!?\n" or (letter == "." and not _ends_abbreviation(self._text, position)):
            self._found.append(Break.SENTENCE)
        elif letter == "-" and self._text[position - 1 : position] == " ":
            self._found.append(Break.COMMA)


def _adjacent(words: list[str], gaps: str) -> list[str]:
    """The leading words with nothing but a blank between them."""
    kept, position = words[:1], 0
    for word in words[1:]:
        if not gaps.startswith(" " + word, position):
            break
        kept.append(word)
        position += len(word) + 1
    return kept


def _ends_abbreviation(text: str, position: int) -> bool:
    word = re.search(r"[^\W\d_]+$", text[max(0, position - 12) : position])
    return word is not None and word[0] in _ABBREVIATIONS - {"no"}
