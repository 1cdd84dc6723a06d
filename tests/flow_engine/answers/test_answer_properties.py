"""Whatever is written, an answer is parsed, ambiguous or not understood; what the engine writes, it reads back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from flow_engine.answers import (
    Ambiguous,
    AnswerContext,
    AnswerKind,
    NotUnderstood,
    Parsed,
    fold,
    format_answer,
    parse_answer,
    parse_yes_no,
    read_all_words,
)
from tests.flow_engine.untimed import UNTIMED

WORDS = read_all_words()
VOCABULARY = sorted(
    {word for words in WORDS.values() for phrase in words.signs for word in phrase}
    | {word for words in WORDS.values() for word in (*words.numbers, *words.scales, *words.collectives, *words.join)}
    | {"24/12", "5:30", "17h", "1.234,5", "31", "99999999999", "-", "@", "²", "\ud800", "o", "or", "29/2", "24:00"}
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join))
ZONES = st.sampled_from([UTC, ZoneInfo("Europe/Madrid"), ZoneInfo("America/Sao_Paulo"), ZoneInfo("Pacific/Apia")])
MOMENTS = st.datetimes(timezones=ZONES, allow_imaginary=False)
CONTEXTS = st.builds(
    AnswerContext,
    words=st.sampled_from(list(WORDS.values())),
    now=MOMENTS,
    region=st.sampled_from(["", "ES", "US", "GB", "MX", "ZZ"]),
    past=st.booleans(),
)
BUSINESS_DAYS = st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001  # a zone is added
LANGUAGES = st.sampled_from(list(WORDS))


@UNTIMED
@given(st.sampled_from(list(AnswerKind)), TEXTS, CONTEXTS)
def test_nothing_that_is_written_raises(kind: AnswerKind, text: str, context: AnswerContext) -> None:
    result = parse_answer(kind, text, context)
    match result:
        case Parsed():
            assert json.loads(json.dumps(result.value)) == result.value
            assert format_answer(kind, result.value, context)
        case Ambiguous():
            assert len(result.candidates) > 1
            assert len(set(map(str, result.candidates))) == len(result.candidates)
        case NotUnderstood():
            pass
    parse_yes_no(text, context)


@UNTIMED
@given(LANGUAGES, BUSINESS_DAYS, st.sampled_from(["full", "long"]))
def test_a_written_out_day_is_read_back(language: str, day: datetime, style: str) -> None:
    locale = WORDS[language].locale
    written = locale.date_styles[style].format(
        weekday=locale.weekdays[day.weekday()],
        day=day.day,
        month=locale.months[day.month - 1],
        month_number=day.month,
        year=day.year,
    )
    today = day.replace(hour=0, minute=0, tzinfo=ZoneInfo("Europe/Madrid"))
    context = AnswerContext(WORDS[language], today, "ES")
    assert parse_answer(AnswerKind.DATE, written, context) == Parsed(day.date().isoformat())


@UNTIMED
@given(LANGUAGES, BUSINESS_DAYS)
def test_a_label_that_is_offered_back_is_read_back(language: str, day: datetime) -> None:
    context = AnswerContext(WORDS[language], day.replace(tzinfo=UTC), "GB")
    value = day.date().isoformat()
    label = format_answer(AnswerKind.DATE, value, context)
    assert len(label) <= 20
    result = parse_answer(AnswerKind.DATE, label, context)
    assert result == Parsed(value) or (fold("mar") in fold(label) and language == "es")


@UNTIMED
@given(st.sampled_from(list(AnswerKind)), LANGUAGES, MOMENTS)
def test_the_plain_form_of_a_value_is_read_back(kind: AnswerKind, language: str, moment: datetime) -> None:
    context = AnswerContext(WORDS[language], moment)
    values = {
        AnswerKind.DATE: f"{moment:%Y-%m-%d}" if moment.year > 999 else "2026-03-04",
        AnswerKind.TIME: f"{moment.hour:02}:{moment.minute:02}",
        AnswerKind.DATETIME: (datetime(2026, 3, 4, 5, tzinfo=moment.tzinfo)).isoformat(timespec="seconds"),
        AnswerKind.EMAIL: "ana@example.com",
        AnswerKind.PHONE: "+34600123456",
        AnswerKind.TEXT: "17 h",
    }
    if kind in values:
        assert parse_answer(kind, values[kind], context) == Parsed(values[kind])


@UNTIMED
@given(LANGUAGES, st.integers(-999_999, 999_999), st.integers(0, 99))
def test_a_number_with_the_language_s_separators_is_read_back(language: str, whole: int, cents: int) -> None:
    point = WORDS[language].decimal[""]
    grouping = "." if point == "," else ","
    written = f"{whole:,}".replace(",", grouping) + f"{point}{cents:02}"
    value = float(f"{whole}.{cents:02}")
    context = AnswerContext(WORDS[language], datetime(2026, 3, 2, tzinfo=UTC))
    assert parse_answer(AnswerKind.NUMBER, written, context) == Parsed(value)
    assert parse_answer(AnswerKind.INTEGER, f"{whole:,}".replace(",", grouping), context) == Parsed(whole)


@UNTIMED
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # see above
def test_a_moment_is_a_clock_time_that_the_zone_shows(moment: datetime) -> None:
    zone = ZoneInfo("Europe/Madrid")
    local = moment.astimezone(zone).replace(second=0, microsecond=0)
    context = AnswerContext(WORDS["es"], datetime(2026, 1, 1, tzinfo=zone), "ES")
    result = parse_answer(AnswerKind.DATETIME, f"{local:%d/%m/%Y} a las {local:%H:%M}", context)
    candidates = result.candidates if isinstance(result, Ambiguous) else (getattr(result, "value", None),)
    assert local.isoformat(timespec="seconds") in candidates
    assert (len(candidates) > 1) == (local.utcoffset() != (local.replace(fold=1 - local.fold)).utcoffset())


def test_a_clock_time_that_is_skipped_is_no_moment() -> None:
    zone = ZoneInfo("Europe/Madrid")
    context = AnswerContext(WORDS["es"], datetime(2026, 1, 1, tzinfo=zone), "ES")
    gap = [parse_answer(AnswerKind.DATETIME, f"29/03/2026 a las 02:{minute:02}", context) for minute in range(60)]
    assert all(isinstance(result, NotUnderstood) for result in gap)
    assert timedelta(hours=1) == datetime(2026, 3, 29, 3, tzinfo=zone) - datetime(2026, 3, 29, 2, tzinfo=zone)
