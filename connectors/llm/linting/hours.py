"""Opening hours that a document states, and those that disagree with each other or with the settings."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.llm.linting.finding import Code, Finding
from connectors.llm.linting.statements import Statement
from connectors.llm.verification.figures import Atom, Kind
from connectors.llm.verification.lexicon import plain_letters
from connectors.llm.verification.marks import Turn
from connectors.words import Words

type Ends = tuple[frozenset[int], frozenset[int]]
"""When a span may begin and end, in minutes after midnight; two values when the half of the day is not said."""

type Spans = tuple[Ends, ...]

DAYS = (
    Words("Monday", "lunes"),
    Words("Tuesday", "martes"),
    Words("Wednesday", "miércoles"),
    Words("Thursday", "jueves"),
    Words("Friday", "viernes"),
    Words("Saturday", "sábado"),
    Words("Sunday", "domingo"),
)

_TITLES = ("horario", "hours", "abrimos", "opening", "cuando abr")
_ANOTHER_TIME = frozenset({Kind.MONTH, Kind.MONTHS, Kind.DATE, Kind.MONEY, Kind.PHONE})
"""What a statement of the ordinary week does not hold."""


@dataclass(frozen=True, slots=True)
class StatedHours:
    """What is said of one day; no spans: closed. ``about`` is what else is named: the kitchen, the telephone."""

    line: int
    day: int
    about: frozenset[Hashable]
    spans: Spans
    shown: str


def stated_hours(statements: Sequence[Statement]) -> Iterator[StatedHours]:
    """What the document says of each weekday of an ordinary week, statement by statement."""
    for statement in statements:
        atoms = [mark for mark in statement.marks if isinstance(mark, Atom)]
        if any(atom.kind in _ANOTHER_TIME for atom in atoms) or not _is_of_opening(statement):
            continue
        days = frozenset[int]().union(*(_days(atom) for atom in atoms if atom.kind is Kind.DAY))
        spans = tuple(ends for atom in atoms if atom.kind is Kind.OPEN_SPAN and (ends := _ends(atom)) is not None)
        closed = Turn.CLOSED in statement.marks
        if not days or bool(spans) == closed:
            continue  # neither, or both in one sentence: too much to judge
        about = frozenset(atom.value for atom in atoms if atom.kind is Kind.WORD)
        for day in sorted(days):
            yield StatedHours(statement.line, day, about, spans, statement.text)


def hours_findings(statements: Sequence[Statement], week: Mapping[int, Spans]) -> Iterator[Finding]:
    """Days with two stories, and days that the settings tell otherwise. ``week`` is empty when they say nothing."""
    seen: dict[tuple[int, frozenset[Hashable]], StatedHours] = {}
    told: set[tuple[int, int]] = set()
    for hours in stated_hours(statements):
        first = seen.setdefault((hours.day, hours.about), hours)
        if not _agree(first.spans, hours.spans) and (first.line, hours.line) not in told:
            told.add((first.line, hours.line))
            yield Finding(
                Code.HOURS_CONTRADICTION,
                hours.line,
                Words(
                    f"“{hours.shown}” and line {first.line}, “{first.shown}”, disagree: {DAYS[hours.day].en}.",
                    f"«{hours.shown}» y la línea {first.line}, «{first.shown}», no coinciden: {DAYS[hours.day].es}.",
                ),
                Words("Keep the right one.", "Deja la correcta."),
                first.line,
            )
        if (
            week
            and not hours.about
            and not _agree(week.get(hours.day, ()), hours.spans)
            and (0, hours.line) not in told
        ):
            told.add((0, hours.line))
            yield Finding(
                Code.HOURS_AGAINST_SETTINGS,
                hours.line,
                Words(
                    f"“{hours.shown}” is not what the opening hours of the settings say about {DAYS[hours.day].en}.",
                    f"«{hours.shown}» no es lo que dicen los ajustes del {DAYS[hours.day].es}.",
                ),
                Words("Change one of the two.", "Cambia uno de los dos."),
            )


def _is_of_opening(statement: Statement) -> bool:
    if Turn.OPEN in statement.marks or Turn.CLOSED in statement.marks:
        return True
    return any(plain_letters(heading).startswith(_TITLES) for heading in statement.headings)


def _days(atom: Atom) -> frozenset[int]:
    return atom.value if isinstance(atom.value, frozenset) else frozenset()


def _ends(atom: Atom) -> Ends | None:
    match atom.value:
        case (frozenset() as opens, frozenset() as closes):
            return opens, closes
        case _:
            return None


def _agree(one: Spans, other: Spans) -> bool:
    """The same number of spans, each beginning and ending where its counterpart may."""
    if len(one) != len(other):
        return False
    return all(mine[0] & theirs[0] and mine[1] & theirs[1] for mine, theirs in zip(one, other, strict=True))
