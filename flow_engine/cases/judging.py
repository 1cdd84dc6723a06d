"""Compares what a step expects with what came of it; the first difference is the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from flow_engine.cases.bubbles import Bubble
from flow_engine.cases.case import CaseStep, ExpectedBubble, ExpectedEffect
from flow_engine.cases.effects_seen import TIMER_KEYS
from flow_engine.cases.matching import agrees
from flow_engine.cases.place import Place
from flow_engine.language.yaml_reader import Path
from flow_engine.vocabulary import JSON, JSONObject


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first thing that is not as the case says.

    ``bubble`` is the index of the wrong message among the replies. ``update`` is the node of the file, and the value
    that would make it right; ``None`` where no value would. ``remedy`` says what to do, where there is one thing to do;
    its lines are for the eye, YAML to paste among them.
    """

    place: Place
    message: str
    expected: JSON = None
    actual: JSON = None
    bubble: int | None = None
    update: tuple[Path, JSON] | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step. ``effects`` are as ``seen_effects`` gives them."""

    bubbles: tuple[Bubble, ...]
    effects: tuple[JSONObject, ...]
    state: str | None
    data: Mapping[str, JSON]
    zone: tzinfo


def judge(step: CaseStep, outcome: Outcome) -> Mismatch | None:
    return next(_differences(step, outcome), None)


def _differences(step: CaseStep, outcome: Outcome) -> Iterator[Mismatch]:
    if step.bot is not None:
        yield from _judge_bubbles(step, step.bot, outcome.bubbles)
    for text in step.never:
        for index, bubble in enumerate(outcome.bubbles):
            if text in "\n".join((bubble.text, *bubble.titles)):
                yield Mismatch(step.place, "The bot must not say this.", f"not {text!r}", bubble.text, index)
    if step.state is not None and step.state != outcome.state:
        update: tuple[Path, JSON] = ((*step.place.path, "state"), outcome.state)
        yield Mismatch(step.place, "The conversation is in another state.", step.state, outcome.state, update=update)
    for name, value in (step.data or {}).items():
        actual = outcome.data.get(name)
        if not agrees(value, actual):
            update = ((*step.place.path, "data", name), actual)
            yield Mismatch(step.place, f"data.{name} has another value.", value, actual, update=update)
    if step.effects is not None:
        yield from _judge_effects(step, step.effects, outcome)


def _judge_bubbles(step: CaseStep, expected: Sequence[ExpectedBubble], actual: Sequence[Bubble]) -> Iterator[Mismatch]:
    whole = ((*step.place.path, "bot"), [as_expectation(bubble) for bubble in actual])
    for index, (wanted, bubble) in enumerate(zip(expected, actual, strict=False)):
        for difference in _judge_bubble(wanted, bubble):
            same_number = len(expected) == len(actual)
            update = difference.update if same_number else whole
            yield Mismatch(difference.place, difference.message, difference.expected, difference.actual, index, update)
    if len(actual) < len(expected):
        missing = expected[len(actual)]
        text = missing.text or ", ".join(missing.contains) or missing.type or "a message"
        yield Mismatch(missing.place, "The bot does not say this.", text, None, len(actual), whole)
    if len(actual) > len(expected):
        text = actual[len(expected)].text
        yield Mismatch(step.place, "The bot says more than expected.", None, text, len(expected), whole)


def _judge_bubble(wanted: ExpectedBubble, bubble: Bubble) -> Iterator[Mismatch]:
    place = wanted.place
    if wanted.text is not None and wanted.text.strip() != bubble.text.strip():
        at = place.path if wanted.short else (*place.path, "text")
        yield Mismatch(place, "The text is another.", wanted.text, bubble.text, update=(at, bubble.text))
    for part in wanted.contains:
        if part not in bubble.text:
            yield Mismatch(place, "The text does not contain this.", part, bubble.text)
    for part in wanted.not_contains:
        if part in bubble.text:
            yield Mismatch(place, "The text must not contain this.", f"not {part!r}", bubble.text)
    if wanted.type is not None and wanted.type != bubble.type:
        update = ((*place.path, "type"), bubble.type)
        yield Mismatch(place, "The message is of another type.", wanted.type, bubble.type, update=update)
    if wanted.options is not None and wanted.options != bubble.titles:
        titles: list[JSON] = list(bubble.titles)
        update_options = ((*place.path, "options"), titles)
        yield Mismatch(place, "The options are others.", list(wanted.options), titles, update=update_options)
    for key, value in wanted.details.items():
        actual = bubble.details.get(key)
        if not agrees(value, actual):
            yield Mismatch(place, f"'{key}' is another.", value, actual, update=((*place.path, key), actual))


def _judge_effects(step: CaseStep, expected: Sequence[ExpectedEffect], outcome: Outcome) -> Iterator[Mismatch]:
    names_timers = any(TIMER_KEYS & effect.fields.keys() for effect in expected)
    actual = [effect for effect in outcome.effects if names_timers or not TIMER_KEYS & effect.keys()]
    shown: list[JSON] = [{key: value for key, value in effect.items() if key != "data"} for effect in actual]
    whole = ((*step.place.path, "effects"), shown)
    for wanted, seen in zip(expected, actual, strict=False):
        if not _is_effect(wanted.fields, seen, outcome.zone):
            yield Mismatch(wanted.place, "The bot does something else.", dict(wanted.fields), seen, update=whole)
    if len(actual) < len(expected):
        missing = expected[len(actual)]
        yield Mismatch(missing.place, "The bot does not do this.", dict(missing.fields), None, update=whole)
    if len(actual) > len(expected):
        extra = actual[len(expected)]
        yield Mismatch(step.place, "The bot does more than expected.", None, extra, update=whole)


def _is_effect(wanted: Mapping[str, JSON], seen: JSONObject, zone: tzinfo) -> bool:
    return all(
        _same_moment(value, seen.get(key), zone) if key == "at" else agrees(value, seen.get(key))
        for key, value in wanted.items()
    )


def _same_moment(wanted: JSON, seen: JSON, zone: tzinfo) -> bool:
    try:
        moments = [datetime.fromisoformat(str(text)) for text in (wanted, seen)]
    except ValueError:
        return wanted == seen
    first, second = (moment if moment.tzinfo else moment.replace(tzinfo=zone) for moment in moments)
    return first == second


def as_expectation(bubble: Bubble) -> JSON:
    """The expectation that this message meets, as a case writes it."""
    if not bubble.options and bubble.type == "text":
        return bubble.text
    expected: JSONObject = {} if bubble.type in _TALKING else {"type": bubble.type}
    expected["text"] = bubble.text
    if bubble.options:
        expected["options"] = list(bubble.titles)
    return expected


_TALKING: Final = frozenset({"text", "buttons", "list"})
