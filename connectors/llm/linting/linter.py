"""``lint_knowledge``: every finding of one document, in the order of its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from connectors.llm.linting.finding import Code, Finding
from connectors.llm.linting.hours import Spans, hours_findings
from connectors.llm.linting.prices import Money, money_in, price_findings
from connectors.llm.linting.statements import HEADING, Statement, read_statements
from connectors.llm.verification.blocks import VALID_UNTIL
from connectors.llm.verification.lexicon import LANGUAGES, lexicon
from connectors.llm.verification.marks import read_marks
from connectors.plain_json import JSON
from connectors.words import Words

CHARACTERS_A_TOKEN = 3.5
"""Of Spanish and English prose, with the tokenisers of today (2.7 to 4)."""

COMFORTABLE_TOKENS = 20_000
"""Forty pages. Every question pays for all of them, and what nobody asks about makes answers worse."""

SHORTEST_REPEATED = 25
"""Characters. Shorter sentences ("Sí.") may well stand twice."""

_TELLING_WORDS = 30
"""From so many words on a document has enough small words to tell its language by."""

_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class KnowledgeFacts:
    """What else is known of the business. ``week`` is by weekday (0 Monday); ``prices`` by the service's name."""

    languages: Sequence[str] = ()
    week: Mapping[int, Spans] = field(default_factory=dict)
    prices: Mapping[str, Money] = field(default_factory=dict)

    @classmethod
    def from_business(cls, business: Mapping[str, JSON], languages: Sequence[str]) -> KnowledgeFacts:
        """From the business settings of a bundle (``hours``, ``services``). What is not understood is left out."""
        hours, services = business.get("hours"), business.get("services")
        week = _week(hours) if isinstance(hours, dict) and hours else {}
        prices = dict(_prices(services)) if isinstance(services, list) else {}
        return cls(languages, week, prices)


def lint_knowledge(markdown: str, *, today: date, facts: KnowledgeFacts | None = None) -> tuple[Finding, ...]:
    """Every finding. ``today`` is the tenant's day; nothing here is an error that keeps a document from going out."""
    facts = facts or KnowledgeFacts()
    if not markdown.strip():
        return (
            Finding(
                Code.NOTHING,
                1,
                Words("The document is empty.", "El documento está vacío."),
                Words("Write one.", "Escríbelo."),
            ),
        )
    language = facts.languages[0].partition("-")[0].lower() if facts.languages else "es"
    statements = read_statements(markdown, language)
    found = [
        *price_findings(statements, facts.prices),
        *hours_findings(statements, facts.week),
        *_duplicates(statements),
        *_dates(markdown, today),
        *_empty_sections(markdown),
        *_size(markdown),
        *_languages(statements, facts.languages),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.code)))


def _duplicates(statements: Sequence[Statement]) -> Iterator[Finding]:
    seen: dict[str, Statement] = {}
    for statement in statements:
        if len(statement.folded) < SHORTEST_REPEATED:
            continue
        first = seen.setdefault(" ".join(statement.folded.split()), statement)
        if first is not statement:
            yield Finding(
                Code.DUPLICATE,
                statement.line,
                Words(
                    f"“{statement.text}” stands in line {first.line} already.",
                    f"«{statement.text}» ya está en la línea {first.line}.",
                ),
                Words("Keep one; the other will be forgotten in the next change.", "Deja una sola."),
                first.line,
            )


def _dates(markdown: str, today: date) -> Iterator[Finding]:
    for number, line in enumerate(markdown.splitlines(), 1):
        written = VALID_UNTIL.match(line)
        if written is None:
            continue
        try:
            until = date.fromisoformat(written[1])
        except ValueError:
            yield Finding(
                Code.UNREADABLE_DATE,
                number,
                Words("valid_until is no day like 2026-12-31.", "valid_until no es un día como 2026-12-31."),
                Words("Write the day like that.", "Escribe el día así."),
            )
            continue
        if until < today:
            yield Finding(
                Code.EXPIRED,
                number,
                Words(f"This section held until {until}.", f"Esta sección valía hasta el {until}."),
                Words("Remove it or bring it up to date.", "Quítala o actualízala."),
            )


def _empty_sections(markdown: str) -> Iterator[Finding]:
    """A heading that is followed by another of its own level or above, or by the end."""
    open_heading: tuple[int, int, str] | None = None
    for number, line in enumerate([*markdown.splitlines(), "# end"], 1):
        heading = HEADING.match(line)
        if heading is None:
            open_heading = None if line.strip() and not VALID_UNTIL.match(line) else open_heading
            continue
        if open_heading is not None and len(heading[1]) <= open_heading[1]:
            yield Finding(
                Code.EMPTY_SECTION,
                open_heading[0],
                Words(f"The section “{open_heading[2]}” is empty.", f"La sección «{open_heading[2]}» está vacía."),
                Words("Write something or remove it.", "Escribe algo o quítala."),
            )
        open_heading = (number, len(heading[1]), heading[2])


def _size(markdown: str) -> Iterator[Finding]:
    tokens = round(len(markdown) / CHARACTERS_A_TOKEN)
    if tokens > COMFORTABLE_TOKENS:
        yield Finding(
            Code.TOO_LONG,
            1,
            Words(
                f"The document has about {tokens} tokens; every question pays for all of them.",
                f"El documento tiene unos {tokens} tokens; cada pregunta los paga todos.",
            ),
            Words("Keep what customers ask about.", "Deja lo que preguntan los clientes."),
        )


def _languages(statements: Sequence[Statement], wanted: Sequence[str]) -> Iterator[Finding]:
    words = [word for statement in statements for word in re.findall(r"[a-z]+", statement.folded)]
    if len(words) < _TELLING_WORDS:
        return
    for language in dict.fromkeys(tag.partition("-")[0].lower() for tag in wanted):
        if language not in LANGUAGES:
            continue
        others = [other for other in LANGUAGES if other != language]
        small = lexicon(language).neutral - frozenset[str]().union(*(lexicon(other).neutral for other in others))
        if sum(word in small for word in words) * 50 < len(words):  # less than one small word in fifty
            yield Finding(
                Code.MISSING_LANGUAGE,
                1,
                Words(
                    f"Nothing in the document is written in “{language}”, which the conversation offers.",
                    f"El documento no tiene nada en «{language}», idioma que ofrece la conversación.",
                ),
                Words(
                    "Answers in that language quote the document as it is; add a translation of what is asked most.",
                    "Las respuestas en ese idioma citan el documento tal cual; traduce lo más preguntado.",
                ),
            )


def _week(hours: Mapping[str, JSON]) -> dict[int, Spans]:
    week: dict[int, Spans] = {}
    for number, name in enumerate(_DAY_NAMES):
        spans = hours.get(name)
        found = (
            [_SPAN.fullmatch(span.strip()) for span in spans if isinstance(span, str)]
            if isinstance(spans, list)
            else []
        )
        week[number] = tuple(
            (
                frozenset({int(span[1]) * 60 + int(span[2])}),
                frozenset({int(span[3]) * 60 + int(span[4])}),
            )
            for span in found
            if span is not None
        )
    return week


def _prices(services: Sequence[JSON]) -> Iterator[tuple[str, Money]]:
    for service in services:
        if not isinstance(service, dict):
            continue
        name, price = service.get("name"), _price(service.get("price"))
        names = name.values() if isinstance(name, dict) else [name]
        if price is not None:
            yield from ((text, price) for text in names if isinstance(text, str))


def _price(written: JSON) -> Money | None:
    """``18``, ``"18 €"`` or ``"18,50 euros"``; ``None`` for words ("a consultar")."""
    if isinstance(written, int | float) and not isinstance(written, bool):
        return Decimal(str(written)), ""
    return next(money_in(read_marks(written, "es")), None) if isinstance(written, str) else None
