"""Prices that a document states, and those that disagree with each other or with the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.llm.linting.finding import Code, Finding
from connectors.llm.linting.statements import Statement
from connectors.llm.verification.figures import Atom, Kind
from connectors.llm.verification.lexicon import plain_letters
from connectors.llm.verification.marks import Mark
from connectors.words import Words

_LABELLED = re.compile(r"^(?P<label>[^:]{2,60}):\s*(?P<rest>.*)$")
_COSTS = re.compile(r"^(?P<label>.{2,60}?)\s+(?:cuestan?|valen?|sale por|costs?|is priced at)\s+(?P<rest>.*)$")
_FROM = re.compile(r"\b(?:desde|a partir de|from|starting at|hasta|up to|mas de|over)\b")
"""A price with one of these is a bound, and two bounds may both hold."""
_CONDITION = re.compile(
    r"\b(?:si|para|con|sin|ninos?|estudiantes?|jubilados?|if|for|with|without|children|students?)\b"
)
"""A label with one of these is another price for the same thing."""
_SILENT = frozenset("el la los las un una de del the a an of".split())
_BEFORE_MONEY = re.compile(r"^(?P<before>.*?)\d")


type Money = tuple[Decimal, str]
"""An amount and its currency; the settings may leave the currency out (empty)."""


@dataclass(frozen=True, slots=True)
class StatedPrice:
    """``name`` is what is priced, as it is compared."""

    line: int
    name: str
    shown: str
    money: Money


def stated_prices(statements: Sequence[Statement]) -> Iterator[StatedPrice]:
    """The prices that say what they are of and hold without a condition."""
    for statement in statements:
        found = _LABELLED.match(statement.folded) or _COSTS.match(statement.folded)
        money = list(money_in(statement.marks))
        if found is None or not money or _CONDITION.search(found["label"]):
            continue
        before = _BEFORE_MONEY.match(found["rest"])
        if before is not None and _FROM.search(before["before"]):
            continue
        yield StatedPrice(statement.line, name_of(found["label"]), statement.text, money[0])


def money_in(marks: Iterable[Mark]) -> Iterator[Money]:
    """The amounts of money among ``marks``."""
    for mark in marks:
        match mark:
            case Atom(Kind.MONEY, (Decimal() as amount, str() as currency)):
                yield amount, currency
            case _:
                pass


def name_of(text: str) -> str:
    """``text`` as names of services are compared: without accents, articles and the plural's s."""
    words = [word for word in re.findall(r"[a-z0-9]+", plain_letters(text)) if word not in _SILENT]
    return " ".join(word.removesuffix("s") if len(word) > 3 else word for word in words)  # noqa: PLR2004 - "gas" is no plural


def price_findings(statements: Sequence[Statement], services: Mapping[str, Money]) -> Iterator[Finding]:
    """Two prices for one thing, and prices that the settings have otherwise. ``services`` maps names to prices."""
    seen: dict[str, StatedPrice] = {}
    known = {name_of(name): (name, price) for name, price in services.items()}
    for price in stated_prices(statements):
        first = seen.setdefault(price.name, price)
        if not _same(first.money, price.money):
            yield Finding(
                Code.PRICE_CONTRADICTION,
                price.line,
                Words(
                    f"“{price.shown}” and line {first.line}, “{first.shown}”, are two prices for one thing.",
                    f"«{price.shown}» y la línea {first.line}, «{first.shown}», son dos precios para lo mismo.",
                ),
                Words("Keep the right one.", "Deja el correcto."),
                first.line,
            )
        name, expected = known.get(price.name, ("", None))
        if expected is not None and not _same(expected, price.money):
            yield Finding(
                Code.PRICE_AGAINST_SETTINGS,
                price.line,
                Words(
                    f"“{price.shown}” is not what the service “{name}” costs in the settings.",
                    f"«{price.shown}» no es lo que cuesta el servicio «{name}» en los ajustes.",
                ),
                Words("Change one of the two.", "Cambia uno de los dos."),
            )


def _same(one: Money, other: Money) -> bool:
    return one[0] == other[0] and (one[1] == other[1] or not (one[1] and other[1]))
