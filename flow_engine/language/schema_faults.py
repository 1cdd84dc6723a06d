"""What pydantic found, in the words of the language: one finding per fault, with a hint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from pydantic_core import ErrorDetails

from flow_engine.answers import AnswerKind
from flow_engine.diagnostics import Severity
from flow_engine.kind_words import kind_of
from flow_engine.language.actions import ACTIONS
from flow_engine.language.actions.hand_off import Resume
from flow_engine.language.actions.invoke_connector import OnError
from flow_engine.language.actions.send_interactive_buttons import Button
from flow_engine.language.actions.send_interactive_list import Row, Section
from flow_engine.language.actions.send_template import TemplateButton, TemplateForm, TemplateLocation, TemplateMedia
from flow_engine.language.collect import Choice, Collect
from flow_engine.language.construct import PARAMETER_FORMS, TEXT_FORMS, Construct
from flow_engine.language.document import FlowDocument, Session, SubFlow
from flow_engine.language.standing_schedules import ForEach, StandingSchedule
from flow_engine.language.states import State, Timeout
from flow_engine.language.transitions import Transition
from flow_engine.language.yaml_reader import Path
from flow_engine.validation import Finding
from flow_engine.validation.suggestion import closest, suggest
from flow_engine.vocabulary import JSON, MediaType, MessageType

_KEY_MARK: Final = "[key]"  # How pydantic says that the key itself, not its value, is at fault.
_FORMS: Final = frozenset((*TEXT_FORMS, *PARAMETER_FORMS))
_WANTED: Final = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_HINTS: Final = {
    "a text": "Put it in quotes.",
    "true or false": "Write true or false without quotes.",
    "a list": "Begin each item with '- '.",
    "a mapping": "Write 'key: value' lines under it.",
}


def explain(errors: list[ErrorDetails], document: JSON) -> tuple[Finding, ...]:
    """The findings for ``errors`` in ``document``, without those that only follow from others."""
    located = [(_path(error["loc"], document), error) for error in errors]
    excused = _excused(located, document)
    findings = (
        _explain(path, error, document)
        for path, error in located
        if not (error["type"] == "missing" and path in excused)
        and not (error["type"] == "too_short" and _at(document, path))
    )
    return tuple(dict.fromkeys(findings))


def _path(location: tuple[int | str, ...], document: JSON) -> Path:
    """The location without the union tags that pydantic puts behind the index of an action or the key of a text."""
    path: Path = ()
    for step in location:
        here = _at(document, path)
        if isinstance(here, dict) and step in ACTIONS and here.get("action") == step and step not in here:
            continue
        if step in _FORMS and not (isinstance(here, dict) and step in here):
            continue
        path = (*path, step)
    return path


def _at(document: JSON, path: Path) -> JSON:
    here = document
    for step in path:
        if isinstance(here, dict) and isinstance(step, str):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return None
    return here


def _excused(located: list[tuple[Path, ErrorDetails]], document: JSON) -> set[Path]:
    """Missing keys that stand there misspelt: ``tagret`` is one fault, not two."""
    excused: set[Path] = set()
    for path, error in located:
        if error["type"] == "extra_forbidden":
            meant = closest(str(path[-1]), _allowed_keys(path[:-1], document))
            excused |= {(*path[:-1], meant)} if meant else set()
    return excused


def _explain(path: Path, error: ErrorDetails, document: JSON) -> Finding:
    kind = error["type"]
    if kind == "extra_forbidden":
        message = f"The key '{path[-1]}' is not known here."
        return _error("F020", message, suggest(str(path[-1]), _allowed_keys(path[:-1], document)), path, at_key=True)
    if kind == "missing":
        return _error("F021", f"The key '{path[-1]}' is missing.", f"Add '{path[-1]}: …'.", path[:-1])
    if kind in ("union_tag_not_found", "model_attributes_type"):
        return _explain_action(path, document)
    if kind == "union_tag_invalid":
        written = str(error.get("ctx", {}).get("tag", ""))
        return _error("F023", f"There is no action '{written}'.", suggest(written, ACTIONS), (*path, "action"))
    if kind in _WANTED:
        wanted = _WANTED[kind]
        message = f"{_name(path)} must be {wanted}, not {kind_of(_at(document, path))}."
        return _error("F022", message, _hint(wanted, _at(document, path)), path)
    if kind == "enum":
        written = str(_at(document, path) or _at(document, path[:-1]))
        words, what = _enumeration(path)
        return _error("F023", f"There is no {what} '{written}'.", suggest(written, words), path)
    if path and path[-1] == _KEY_MARK:
        message = f"'{path[-2]}' cannot be a name."
        return _error("F024", message, _NAME_HINT, path[:-1], at_key=True)
    return _explain_value(path, error)


def _enumeration(path: Path) -> tuple[type[StrEnum], str]:
    if "media_type" in path:
        return MediaType, "media type"
    return (AnswerKind, "type of answer") if "collect" in path else (MessageType, "message type")


def _explain_action(path: Path, document: JSON) -> Finding:
    """An action without a usable key ``action``."""
    here = _at(document, path)
    if not isinstance(here, dict):
        return _error("F022", f"An action must be a mapping, not {kind_of(here)}.", "Write '- action: …'.", path)
    misspelt = closest("action", (key for key in here if key not in _ALL_ACTION_KEYS))
    if misspelt:
        message = f"The key '{misspelt}' is not known here."
        return _error("F020", message, "Did you mean 'action'?", (*path, misspelt), at_key=True)
    return _error("F021", "The key 'action' is missing.", f"Known actions are {', '.join(ACTIONS)}.", path)


def _explain_value(path: Path, error: ErrorDetails) -> Finding:
    """A value of the right kind but outside its bounds."""
    bounds = error.get("ctx", {})
    match error["type"]:
        case "string_too_short" | "too_short":
            return _error("F024", f"{_name(path)} is empty.", "Fill it, or leave the key out.", path)
        case "string_too_long" | "too_long":
            return _error("F024", f"{_name(path)} is longer than {bounds['max_length']}.", "Shorten it.", path)
        case "greater_than_equal":
            return _error("F024", f"{_name(path)} must be at least {bounds['ge']}.", "", path)
        case "string_pattern_mismatch":
            return _error("F024", f"{_name(path)} cannot be a name.", _NAME_HINT, path)
        case "duration":
            hint = 'Write a number and s, m, h or d: "30m".'
            return _error("F024", f"{_name(path)} is no length of time.", hint, path)
        case "clock":
            return _error("F024", f"{_name(path)} is no time of day.", 'Write hours and minutes: "09:30".', path)
        case "literal_error":
            return _error("F024", f"{_name(path)} must be {bounds['expected']}.", "", path)
        case _:
            return _error("F022", f"{_name(path)}: {error['msg']}.", "", path)


_NAME_HINT: Final = "Names in data have letters, digits and _ only; other names no spaces at their ends."
_ALL_ACTION_KEYS: Final = frozenset(key for model in ACTIONS.values() for key in model.model_fields) - {"action"}


def _allowed_keys(path: Path, document: JSON) -> Mapping[str, object]:
    """The keys that the construct at ``path`` knows."""
    model = _construct_at(path, document)
    return {field.alias or name: field for name, field in model.model_fields.items()} if model else {}


def _construct_at(path: Path, document: JSON) -> type[Construct] | None:
    match path:
        case ():
            return FlowDocument
        case ("session",):
            return Session
        case ("flows", str()):
            return SubFlow
        case ("flows", str(), "states" | "global_transitions" as part, *inner):
            return _within_graph((part, *inner), _at(document, path[:2]))
        case ("standing_schedules", int()):
            return StandingSchedule
        case ("standing_schedules", int(), "for_each"):
            return ForEach
        case ("tasks", str(), int(), *inner):
            return _within_action(tuple(inner), _at(document, path[:3]))
        case _:
            return _within_graph(path, document)


def _within_graph(path: Path, graph: JSON) -> type[Construct] | None:
    """The construct at ``path`` inside the flow or sub-flow ``graph``."""
    match path:
        case ("states", str()):
            return State
        case ("global_transitions", int()) | ("states", str(), "transitions", int()):
            return Transition
        case ("states", str(), "timeout"):
            return Timeout
        case ("states", str(), "collect"):
            return Collect
        case ("states", str(), "collect", "options", int()):
            return Choice
        case ("states", str(), "on_enter", int(), *inner):
            return _within_action(tuple(inner), _at(graph, path[:4]))
        case _:
            return None


def _within_action(inner: tuple[int | str, ...], action: JSON) -> type[Construct] | None:
    is_template = isinstance(action, dict) and action.get("action") == "send_template"
    match inner:
        case ():
            return ACTIONS.get(str(action.get("action"))) if isinstance(action, dict) else None
        case ("buttons", int()):
            return TemplateButton if is_template else Button
        case ("buttons", int(), "form") if is_template:
            return TemplateForm
        case ("media",) if is_template:
            return TemplateMedia
        case ("location",) if is_template:
            return TemplateLocation
        case ("sections", int()):
            return Section
        case ("sections", int(), "rows", int()):
            return Row
        case ("on_error",):
            return OnError
        case ("resume",):
            return Resume
        case _:
            return None


def _name(path: Path) -> str:
    names: Iterator[str] = (step for step in reversed(path) if isinstance(step, str))
    name = next(names, "")
    if not path:
        return "The flow"
    return f"An item of '{name}'" if isinstance(path[-1], int) else f"'{name}'"


def _hint(wanted: str, value: JSON) -> str:
    return "Fill it, or leave the key out." if value is None else _HINTS.get(wanted, "")


def _error(code: str, message: str, hint: str, path: Path, *, at_key: bool = False) -> Finding:
    return Finding(code, Severity.ERROR, message, hint, path, at_key)
