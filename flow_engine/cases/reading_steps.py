"""Reads one step of a case: what happens, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields as dataclass_fields
from typing import Final, get_args

from flow_engine.cases.case import (
    CaseStep,
    Clock,
    ExpectedBubble,
    ExpectedEffect,
    Resume,
    RunTask,
    Say,
    Send,
    Tap,
    Verb,
    Wait,
)
from flow_engine.cases.effects_seen import EFFECT_KEYS
from flow_engine.cases.fields import Fields, Source
from flow_engine.language.yaml_reader import Path
from flow_engine.outputs.output import Output
from flow_engine.vocabulary import JSON, MessageType

EXPECTATION_KEYS: Final = ("bot", "not", "state", "data", "effects")
DETAIL_KEYS: Final = tuple(
    sorted(
        {field.name for output in get_args(Output.__value__) for field in dataclass_fields(output)}
        - {"body", "buttons", "sections", "text", "type"}
    )
)
BUBBLE_KEYS: Final = ("text", "contains", "not_contains", "type", "options", *DETAIL_KEYS)
SEND_KEYS: Final = ("type", "text", "payload", "content")
TASK_KEYS: Final = ("task", "data")


def read_step(source: Source, value: JSON, path: Path) -> CaseStep | None:
    """``None``, and a fault, for a step that does not do exactly one thing."""
    fields = Fields(source, value, path, (*_VERBS, *EXPECTATION_KEYS))
    if not isinstance(value, dict):
        return None
    verbs = [key for key in value if key in _VERBS]
    if len(verbs) != 1:
        message = "A step does exactly one thing." if verbs else "The step does not say what happens."
        fields.fault("T005", message, f"Write one of {', '.join(_VERBS)}.")
        return None
    verb = _VERBS[verbs[0]](fields, verbs[0])
    return None if verb is None else _with_expectations(fields, verb)


def _with_expectations(fields: Fields, verb: Verb) -> CaseStep:
    source = fields.source
    bubbles = tuple(_read_bubble(source, item, path) for path, item in fields.items("bot"))
    effects = tuple(_read_effect(source, item, path) for path, item in fields.items("effects"))
    return CaseStep(
        place=fields.place,
        verb=verb,
        bot=bubbles if "bot" in fields else None,
        never=fields.texts("not") or (),
        state=fields.text("state"),
        data=fields.mapping("data"),
        effects=effects if "effects" in fields else None,
    )


def _read_bubble(source: Source, value: JSON, path: Path) -> ExpectedBubble:
    """A mapping, or a text alone for a message that says just that."""
    if isinstance(value, str):
        return ExpectedBubble(source.place(path), short=True, text=value)
    fields = Fields(source, value, path, BUBBLE_KEYS)
    return ExpectedBubble(
        place=fields.place,
        text=fields.text("text"),
        contains=fields.texts("contains") or (),
        not_contains=fields.texts("not_contains") or (),
        type=fields.text("type"),
        options=fields.texts("options"),
        details={key: fields.raw(key) for key in DETAIL_KEYS if key in fields},
    )


def _read_effect(source: Source, value: JSON, path: Path) -> ExpectedEffect:
    kinds = [key for key in value if key in EFFECT_KEYS] if isinstance(value, dict) else []
    known = (*EFFECT_KEYS[kinds[0]], kinds[0]) if kinds else tuple(EFFECT_KEYS)
    fields = Fields(source, value, path, known)
    if isinstance(value, dict) and not kinds:
        fields.fault("T002", "The effect does not say what is done.", f"Write one of {', '.join(EFFECT_KEYS)}.")
    return ExpectedEffect(fields.place, dict(value) if isinstance(value, dict) else {})


def _read_say(fields: Fields, key: str) -> Verb:
    return Say(fields.text(key) or "")


def _read_tap(fields: Fields, key: str) -> Verb:
    return Tap(fields.text(key) or "", old=key == "old_tap")


def _read_send(fields: Fields, key: str) -> Verb:
    message = Fields(fields.source, fields.raw(key), (*fields.path, key), SEND_KEYS)
    message.required_text("type")
    type_ = message.word("type", MessageType, MessageType, "message type")
    content = message.mapping("content") or {}
    return Send(type_ or MessageType.TEXT, message.text("text") or "", message.text("payload"), content)


def _read_wait(fields: Fields, key: str) -> Verb:
    return Wait(fields.duration(key) or 0)


def _read_clock(fields: Fields, key: str) -> Verb:
    return Clock(fields.moment(key) or "")


def _read_task(fields: Fields, key: str) -> Verb:
    """The name of a task, or the name and the data it runs with."""
    value = fields.raw(key)
    if not isinstance(value, dict):
        return RunTask(fields.text(key) or "")
    task = Fields(fields.source, value, (*fields.path, key), TASK_KEYS)
    return RunTask(task.required_text("task"), task.mapping("data"))


def _read_resume(fields: Fields, key: str) -> Verb | None:
    if fields.flag(key) is False:
        fields.fault("T004", "'resume' is always true.", "Leave the step out.", key)
    return Resume()


_VERBS: Final[Mapping[str, Callable[[Fields, str], Verb | None]]] = {
    "say": _read_say,
    "tap": _read_tap,
    "old_tap": _read_tap,
    "send": _read_send,
    "wait": _read_wait,
    "clock": _read_clock,
    "run_task": _read_task,
    "resume": _read_resume,
}
