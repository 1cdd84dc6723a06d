"""``read_step``: the questions of one step with what the document answers, ready for the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flow_engine.validation.outline import Outline, StateOutline
from flow_engine.validation.ways import TARGET_WORDS
from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.edit import Path
from platform_admin.authoring.editing.steps import SUB_FLOW_MARK, graph_of, references_to, require_step
from platform_admin.authoring.map.ways import titles_of
from platform_admin.authoring.steps.constructs import ACTIONS, COLLECT, TIMEOUT, TRANSITION, WHEN, Ask, Construct
from platform_admin.authoring.steps.field_kind import FieldKind
from platform_admin.changes.step_titles import step_titles

_NO_STEPS: Final = {
    "initial_state": _("the beginning"),
    "global_transitions": _("anywhere in the conversation"),
    "session": _("the end of a conversation"),
}
_WORD_TITLES: Final = {
    "@back": _("One step back"),
    "@restart": _("Start over"),
    "@return": _("Back to the open question"),
    "@end": _("The end"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one language; ``language`` is empty where there is only one."""

    path: str
    value: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One button or row: its ``title`` texts, where it leads, and the path to take it away by."""

    path: str
    titles: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    payload: str
    leads_to: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A question and its answer. ``path`` is JSON, as edits carry it."""

    ask: Ask
    path: str
    value: JSON
    texts: tuple[Text, ...] = ()
    choices: tuple[Choice, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        return self.ask.kind.value


@dataclass(frozen=True, slots=True)
class Part:
    """A construct of the step: an action, the question it asks, a way out of it."""

    title: Promise | str
    path: str
    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    summary: str = ""
    target: str | None = None


@dataclass(frozen=True, slots=True)
class StepForm:
    """``targets`` are the steps one can lead to, ``users`` those that lead here, by name and title.

    What leads here and is no step (the beginning, a word that is understood everywhere) is a user without a name.
    """

    name: str
    title: str
    path: str
    users: tuple[tuple[str, str | Promise], ...]
    actions: tuple[Part, ...]
    collect: Part | None
    ways: tuple[Part, ...]
    timeout: Part | None
    fallback: str | None
    faq: bool
    targets: tuple[tuple[str, str | Promise], ...]
    is_start: bool

    @property
    def users_as_json(self) -> str:
        """Their titles, for the question what becomes of them when the step goes."""
        return json.dumps([str(title) for _name, title in self.users], ensure_ascii=False)


def read_step(document: JSON, name: str) -> StepForm:
    """The form of the step ``name``. Raises ``StaleEditError`` when there is none."""
    require_step(document, name)
    graph = graph_of(document, name)
    state = graph.states[name.rpartition(SUB_FLOW_MARK)[2]]
    leads = _leads(graph, state)
    path = state.part.path
    titles = step_titles(document)
    fallback = state.part.text("fallback")
    return StepForm(
        name=name,
        title=titles[name],
        path=_written(path),
        users=tuple(_users(document, name, titles)),
        actions=tuple(_action(item, (*path, "on_enter", index), leads) for index, item in _items(state, "on_enter")),
        collect=_single(state, "collect", COLLECT, leads),
        ways=tuple(_way(item, (*path, "transitions", index), state) for index, item in _items(state, "transitions")),
        timeout=_single(state, "timeout", TIMEOUT, leads),
        fallback=fallback,
        faq=state.part.members.get("llm_fallback") is True,
        targets=tuple(_targets(graph, name, titles)),
        is_start=graph.root.text("initial_state") == state.name,
    )


def _users(document: JSON, name: str, titles: Mapping[str, str]) -> Iterator[tuple[str, str | Promise]]:
    """Whatever else leads to the step ``name``, each once."""
    flow, mark, _step = name.rpartition(SUB_FLOW_MARK)
    paths = (reference.path for reference in references_to(document, name))
    inner = [path[2:] if mark else path for path in paths]
    sources = dict.fromkeys(str(path[1]) for path in inner if path[0] == "states")
    yield from ((full, titles[full]) for step in sources if (full := f"{flow}{mark}{step}") != name)
    yield from (("", said) for part, said in _NO_STEPS.items() if any(path[0] == part for path in inner))


def _targets(graph: Outline, beside: str, titles: Mapping[str, str]) -> Iterator[tuple[str, str | Promise]]:
    flow, mark, _step = beside.rpartition(SUB_FLOW_MARK)
    yield from ((name, titles[f"{flow}{mark}{name}"]) for name in graph.states)
    yield from ((word, _WORD_TITLES[word]) for word in TARGET_WORDS)


def _leads(graph: Outline, state: StateOutline) -> dict[str, str]:
    """Where each payload leads from this step; its own transitions win."""
    transitions = (*reversed(graph.global_transitions), *reversed(state.transitions))
    found = ((part.text("on_payload"), part.text("target")) for part in transitions)
    return {payload: target for payload, target in found if payload and target}


def _items(state: StateOutline, key: str) -> list[tuple[int, dict[str, JSON]]]:
    value = state.part.members.get(key)
    return [
        (index, item) for index, item in enumerate(value if isinstance(value, list) else []) if isinstance(item, dict)
    ]


def _action(item: dict[str, JSON], path: Path, leads: dict[str, str]) -> Part:
    name = item.get("action")
    construct = ACTIONS.get(name if isinstance(name, str) else "", Construct(_("Something else"), ()))
    return _part(construct, item, path, leads, extra=(WHEN,))


def _single(state: StateOutline, key: str, construct: Construct, leads: dict[str, str]) -> Part | None:
    value = state.part.members.get(key)
    return _part(construct, value, (*state.part.path, key), leads) if isinstance(value, dict) else None


def _way(item: dict[str, JSON], path: Path, state: StateOutline) -> Part:
    part = _part(TRANSITION, item, path, {})
    return Part(part.title, part.path, part.fields, part.more, _way_in_words(item, state), _text(item.get("target")))


def _way_in_words(item: dict[str, JSON], state: StateOutline) -> str:
    """What the customer does, as short as it can be said: the title of what is tapped, the words that are written."""
    payload, words = item.get("on_payload"), item.get("on_text")
    if isinstance(payload, str):
        return f"“{dict(titles_of(state)).get(payload, payload)}”"
    if words is not None:
        return ", ".join(_words(words))
    if isinstance(item.get("on_payload_prefix"), str):
        return str(item.get("extract_suffix_as") or item["on_payload_prefix"])
    if item.get("on_type") is not None:
        return ", ".join(_words(item["on_type"]))
    return str(item.get("condition") or item.get("on_pattern") or "…")


def _part(
    construct: Construct, item: dict[str, JSON], path: Path, leads: dict[str, str], extra: Sequence[Ask] = ()
) -> Part:
    fields = [_field(ask, item.get(ask.key), (*path, ask.key), leads) for ask in (*construct.asks, *extra)]
    first = tuple(field for field in fields if not field.ask.more)
    return Part(construct.title, _written(path), first, tuple(field for field in fields if field.ask.more))


def _field(ask: Ask, value: JSON, path: Path, leads: dict[str, str]) -> Field:
    written = _written(path)
    match ask.kind:
        case FieldKind.TEXT | FieldKind.LINE:
            return Field(ask, written, value, texts=_texts(value, path))
        case FieldKind.OPTIONS:
            return Field(ask, written, value, choices=tuple(_choices(value, path, leads)))
        case FieldKind.SECTIONS:
            sections = value if isinstance(value, list) else []
            rows = [
                choice
                for index, section in enumerate(sections)
                if isinstance(section, dict)
                for choice in _choices(section.get("rows"), (*path, index, "rows"), leads)
            ]
            return Field(ask, _written((*path, 0, "rows")), value, choices=tuple(rows))
        case FieldKind.PAIRS:
            pairs = value.items() if isinstance(value, dict) else ()
            return Field(ask, written, value, pairs=tuple((key, _plain(member)) for key, member in pairs))
        case FieldKind.WORDS | FieldKind.LIST:
            return Field(ask, written, ", ".join(_words(value)))
        case _:
            return Field(ask, written, value if not isinstance(value, dict | list) else _plain(value))


def _choices(value: JSON, path: Path, leads: dict[str, str]) -> Iterator[Choice]:
    for index, option in enumerate(value if isinstance(value, list) else []):
        if isinstance(option, dict):
            here = (*path, index)
            payload = _text(option.get("id")) or ""
            titles = _texts(option.get("title"), (*here, "title"))
            described = option.get("description") is not None
            descriptions = _texts(option["description"], (*here, "description")) if described else ()
            yield Choice(_written(here), titles, descriptions, payload, leads.get(payload))


def _texts(value: JSON, path: Path) -> tuple[Text, ...]:
    if isinstance(value, dict):
        return tuple(Text(_written((*path, language)), _plain(text), language) for language, text in value.items())
    return (Text(_written(path), "" if value is None else _plain(value)),)


def _words(value: JSON) -> list[str]:
    if isinstance(value, dict):
        return [word for member in value.values() for word in _words(member)]
    return [_plain(item) for item in value] if isinstance(value, list) else [] if value is None else [_plain(value)]


def _plain(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None


def _written(path: Path) -> str:
    return json.dumps(path, ensure_ascii=False)
