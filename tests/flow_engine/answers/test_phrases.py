"""What people write, as data: at least 200 phrases per language, each with the one value, the several, or none."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flow_engine.answers import (
    Ambiguous,
    AnswerContext,
    AnswerKind,
    NotUnderstood,
    Parsed,
    Result,
    parse_answer,
    parse_yes_no,
    read_all_words,
)

TABLES: list[dict[str, Any]] = [
    json.loads(file.read_text(encoding="utf-8")) for file in sorted(Path(__file__).parent.glob("phrases_*.json"))
]
WORDS = read_all_words()
CASES = [
    pytest.param(table, AnswerKind(kind), phrase, meant, id=f"{table['language']} {kind} {phrase}")
    for table in TABLES
    for kind, phrases in table["cases"].items()
    for phrase, meant in phrases.items()
]


def in_context(table: dict[str, Any], kind: AnswerKind) -> AnswerContext:
    now = datetime.fromisoformat(table["now"]).replace(tzinfo=ZoneInfo(table["zone"]))
    region = table["phone_region"] if kind is AnswerKind.PHONE else table["region"]
    return AnswerContext(WORDS[table["language"]], now, region)


def as_data(result: Result) -> Any:
    match result:
        case Parsed():
            return result.value
        case Ambiguous():
            return list(result.candidates)
        case NotUnderstood():
            return {"not": result.reason.value}


@pytest.mark.parametrize(("table", "kind", "phrase", "meant"), CASES)
def test_a_phrase_means_what_the_table_says(table: dict[str, Any], kind: AnswerKind, phrase: str, meant: Any) -> None:
    assert as_data(parse_answer(kind, phrase, in_context(table, kind))) == meant


def test_every_language_has_a_table_of_two_hundred_phrases() -> None:
    sizes = {table["language"]: sum(map(len, table["cases"].values())) for table in TABLES}
    print("phrases per language:", sizes)  # noqa: T201  # the count is asked for
    assert sizes.keys() == WORDS.keys()
    assert min(sizes.values()) >= 200


ORDERS = [
    ("en", "US", "03/04", "2026-03-04"),
    ("en", "GB", "03/04", "2026-04-03"),
    ("en", "", "03/04", ["2026-04-03", "2026-03-04"]),
    ("es", "ES", "03/04", "2026-04-03"),
    ("es", "", "03/04", "2026-04-03"),
    ("es", "US", "03/04", ["2026-04-03", "2026-03-04"]),
    ("en", "US", "24/12", "2026-12-24"),
]


@pytest.mark.parametrize(("language", "region", "written", "meant"), ORDERS)
def test_the_region_says_whether_the_day_comes_first(language: str, region: str, written: str, meant: Any) -> None:
    now = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Madrid"))
    assert as_data(parse_answer(AnswerKind.DATE, written, AnswerContext(WORDS[language], now, region))) == meant


WEEKDAYS = [
    ("es", "2026-03-06", "el viernes", ["2026-03-06", "2026-03-13"]),
    ("es", "2026-03-06", "este viernes", "2026-03-06"),
    ("en", "2026-03-06", "friday", ["2026-03-06", "2026-03-13"]),
    ("en", "2026-03-06", "next friday", "2026-03-13"),
    ("en", "2026-03-07", "next friday", "2026-03-13"),
    ("en", "2026-03-04", "next friday", ["2026-03-06", "2026-03-13"]),
    ("en", "2026-12-31", "tomorrow", "2027-01-01"),
    ("en", "2028-02-28", "tomorrow", "2028-02-29"),
    ("es", "2026-01-31", "dentro de un mes", "2026-02-28"),
]


@pytest.mark.parametrize(("language", "today", "written", "meant"), WEEKDAYS)
def test_what_a_day_means_depends_on_today(language: str, today: str, written: str, meant: Any) -> None:
    now = datetime.fromisoformat(today).replace(hour=10, tzinfo=ZoneInfo("Europe/Madrid"))
    assert as_data(parse_answer(AnswerKind.DATE, written, AnswerContext(WORDS[language], now))) == meant


PAST = [("el viernes", "2026-02-27"), ("3 de marzo", "2025-03-03"), ("el 5", "2026-02-05"), ("24/12", "2025-12-24")]


@pytest.mark.parametrize(("written", "meant"), PAST)
def test_a_day_that_lies_behind_is_the_last_such_day(written: str, meant: str) -> None:
    now = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Madrid"))
    assert parse_answer(AnswerKind.DATE, written, AnswerContext(WORDS["es"], now, "ES", past=True)) == Parsed(meant)


YES_NO = [
    ("es", "sí", True),
    ("es", "Claro que sí!", True),
    ("es", "vale", True),
    ("es", "👍", True),
    ("es", "no, gracias", False),
    ("es", "quizás", None),
    ("en", "yep", True),
    ("en", "that's right", True),
    ("en", "nope", False),
    ("en", "👎", False),
    ("en", "👍👎", None),
    ("en", "yes or no", None),
    ("en", "", None),
]


@pytest.mark.parametrize(("language", "written", "meant"), YES_NO)
def test_yes_and_no(language: str, written: str, meant: bool | None) -> None:
    now = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Madrid"))
    result = parse_yes_no(written, AnswerContext(WORDS[language], now))
    assert (result.value if isinstance(result, Parsed) else None) is meant
