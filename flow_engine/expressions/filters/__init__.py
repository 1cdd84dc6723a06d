"""The filters of the language, ``value | name: argument``: one file per family, one table of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flow_engine.expressions.filters.amounts import MONEY, NUMBER, PLURAL
from flow_engine.expressions.filters.calendar import DATE, LATER_THAN, TIME
from flow_engine.expressions.filters.choices import TITLE_OF
from flow_engine.expressions.filters.fallback import DEFAULT
from flow_engine.expressions.filters.filter import Filter, FilterFunction
from flow_engine.expressions.filters.letters import CAPITALIZE, LOWER, UPPER
from flow_engine.expressions.filters.lists import FIRST, JOIN, LAST, LENGTH

FILTERS: Final[Mapping[str, Filter]] = {
    "default": DEFAULT,
    "upper": UPPER,
    "lower": LOWER,
    "capitalize": CAPITALIZE,
    "length": LENGTH,
    "first": FIRST,
    "last": LAST,
    "join": JOIN,
    "date": DATE,
    "time": TIME,
    "later_than": LATER_THAN,
    "title_of": TITLE_OF,
    "number": NUMBER,
    "money": MONEY,
    "plural": PLURAL,
}

__all__ = ["FILTERS", "Filter", "FilterFunction"]
