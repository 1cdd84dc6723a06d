"""``number``, ``money``, ``plural``: amounts as people of the language write them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from flow_engine.expressions.filters.filter import Filter, FilterFunction
from flow_engine.expressions.limits import MAX_TEXT_CHARS
from flow_engine.expressions.locale import Currency, Locale
from flow_engine.expressions.text import is_number, to_text
from flow_engine.vocabulary import JSON

_MAX_DECIMALS: Final = 6
"""Digits after the mark; nobody is told more in a chat."""
_NUMBER_SIGN: Final = "#"
_MINUS: Final = "-"
_GROUP: Final = 3


def _build_number(locale: Locale) -> FilterFunction:
    def number(value: JSON, arguments: tuple[JSON, ...]) -> JSON:
        """What is no number stays as it is."""
        return _write(value, arguments[0] if arguments else None, locale) if is_number(value) else value

    return number


def _build_money(locale: Locale) -> FilterFunction:
    def money(value: JSON, arguments: tuple[JSON, ...]) -> JSON:
        """A currency that is not known is written by its code."""
        if not is_number(value):
            return value
        code = to_text(arguments[0]).upper()
        currency = locale.currencies.get(code, Currency(code, 2))
        amount = locale.money.format(amount=_write(abs(value), currency.decimals, locale), sign=currency.sign)
        return f"{_MINUS}{amount}" if value < 0 else amount

    return money


def _build_plural(locale: Locale) -> FilterFunction:
    def plural(value: JSON, arguments: tuple[JSON, ...]) -> JSON:
        """The form for the number, which stands in it where the form has a #. The last form is for all the rest."""
        if not is_number(value):
            return arguments[-1]
        form = to_text(arguments[_plural_form(value, len(arguments), locale)])
        return form.replace(_NUMBER_SIGN, _write(value, None, locale))[:MAX_TEXT_CHARS]

    return plural


def _plural_form(value: float, forms: int, locale: Locale) -> int:
    if value == int(value):
        for index, conditions in enumerate(locale.plurals[: forms - 1]):
            if all(condition.holds(abs(int(value))) for condition in conditions):
                return index
    return forms - 1


def _write(value: float, decimals: JSON, locale: Locale) -> str:
    """The digits of ``value``: so many after the mark, or as many as it has, at most ``_MAX_DECIMALS``."""
    exact = Decimal(repr(value))
    places = decimals if isinstance(decimals, int) and 0 <= decimals <= _MAX_DECIMALS else None
    shown = exact.quantize(Decimal(1).scaleb(-(_MAX_DECIMALS if places is None else places)), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(shown):f}".partition(".")
    fraction = fraction.rstrip("0") if places is None else fraction
    sign = _MINUS if shown < 0 else ""
    return (
        f"{sign}{_grouped(whole, locale)}{locale.decimal_mark}{fraction}"
        if fraction
        else sign + _grouped(whole, locale)
    )


def _grouped(digits: str, locale: Locale) -> str:
    if len(digits) < locale.group_from:
        return digits
    first = len(digits) % _GROUP
    groups = [digits[index : index + _GROUP] for index in range(first, len(digits), _GROUP)]
    return locale.group_mark.join([digits[:first], *groups] if first else groups)


NUMBER = Filter(("decimals",), 0, _build_number, "{{ data.points | number }}")
MONEY = Filter(("currency",), 1, _build_money, '{{ data.price | money: "EUR" }}')
PLURAL = Filter(
    ("one", "other", "form", "form", "form", "form"),
    2,
    _build_plural,
    '{{ data.guests | plural: "# guest", "# guests" }}',
)
