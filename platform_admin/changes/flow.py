"""Two texts of a conversation, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_noop as _

from flow_engine.flow_map import objects, states_of, transitions_of, trigger
from flow_engine.language.yaml_reader import read_yaml
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.changes.actions import action_changes
from platform_admin.changes.change import Area, Change, mapping, shown
from platform_admin.changes.renamed_steps import renamed_steps
from platform_admin.changes.step_title import step_title
from platform_admin.changes.step_titles import step_titles
from platform_admin.changes.titles import titles_of

_STATE_LISTS: Final = frozenset({"on_enter", "transitions"})
_DOCUMENT_PARTS: Final = frozenset(
    {"renamed_states", "states", "flows", "global_transitions", "tasks", "initial_state", "id"}
)

_STATE_PARTS: Final = {
    "fallback": _("{subject}: anything else now leads to {new} instead of {old}."),
    "llm_fallback": _("{subject}: free questions answered from the FAQ: {new} (was {old})."),
    "timeout": _("{subject}: if nobody answers: {new} instead of {old}."),
    "collect": _("{subject}: what is asked for changed from {old} to {new}."),
}


def flow_changes(old: str, new: str) -> tuple[Change, ...]:
    """Between two YAML texts. A text that cannot be read counts as an empty one."""
    before, after = _document(old), _document(new)
    renamed, before = renamed_steps(before, after)
    titles = {**titles_of(before), **titles_of(after)}
    changes = (
        *_frame(before, after),
        *_transitions(_("anywhere"), None, before, after, titles),
        *_states(before, after, titles),
        *_tasks(before, after),
    )
    steps = {**step_titles(before), **step_titles(after)}
    return (*_names(renamed, steps), *(_in_peoples_words(change, steps) for change in changes))


def _names(renamed: Mapping[str, str], steps: Mapping[str, str]) -> Iterator[Change]:
    for was, now in renamed.items():
        sides = step_title(was), steps.get(now) or step_title(now)
        yield Change(Area.CONVERSATION, _("The step {old} is now called {new}."), sides[1], *sides)


def _in_peoples_words(change: Change, steps: Mapping[str, str]) -> Change:
    """Steps by the names people see on the map."""

    def said(text: str | None) -> str | None:
        return text if text is None else steps.get(text, text)

    return replace(change, subject=said(change.subject) or "", old=said(change.old), new=said(change.new))


def _document(text: str) -> JSONObject:
    reading = read_yaml(text)
    return reading.value if not reading.faults and isinstance(reading.value, dict) else {}


def _frame(old: JSONObject, new: JSONObject) -> Iterator[Change]:
    if old.get("initial_state") != new.get("initial_state"):
        sentence = _("The conversation begins with {new} instead of {old}.")
        states = shown(old.get("initial_state")), shown(new.get("initial_state"))
        yield Change(Area.CONVERSATION, sentence, "", *states)
    for key in dict.fromkeys((*old, *new)):
        if key not in _DOCUMENT_PARTS and old.get(key) != new.get(key):
            sides = shown(old.get(key)), shown(new.get(key))
            name = key.replace("_", " ")
            yield Change(Area.CONVERSATION, _("{subject} changed from {old} to {new}."), name, *sides)


def _states(old: JSONObject, new: JSONObject, titles: Mapping[str, str]) -> Iterator[Change]:
    before = {name: state for name, _path, state in states_of(old)}
    after = {name: state for name, _path, state in states_of(new)}
    for name in dict.fromkeys((*before, *after)):
        if name not in before:
            yield Change(Area.CONVERSATION, _("New step {subject}."), name, None, name)
        elif name not in after:
            yield Change(Area.CONVERSATION, _("The step {subject} is gone."), name, name, None)
        elif before[name] != after[name]:
            yield from action_changes(name, objects(before[name], "on_enter"), objects(after[name], "on_enter"))
            yield from _transitions(name, name, old, new, titles)
            yield from _state_parts(name, before[name], after[name])


def _state_parts(name: str, old: JSONObject, new: JSONObject) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        if key in _STATE_LISTS or old.get(key) == new.get(key):
            continue
        sentence = _STATE_PARTS.get(key, _("{subject}: {more} changed from {old} to {new}."))
        sides = shown(old.get(key)), shown(new.get(key))
        yield Change(Area.CONVERSATION, sentence, name, *sides, more=key.replace("_", " "))


def _transitions(
    subject: str, owner: str | None, old: JSONObject, new: JSONObject, titles: Mapping[str, str]
) -> Iterator[Change]:
    before = {_what(item, titles): item for item in transitions_of(old, owner)}
    after = {_what(item, titles): item for item in transitions_of(new, owner)}
    for what in dict.fromkeys((*before, *after)):
        was, now = before.get(what), after.get(what)
        if was == now:
            continue
        targets = (None if was is None else shown(was.get("target")), None if now is None else shown(now.get("target")))
        if was is None:
            yield Change(Area.CONVERSATION, _("{subject}: {more} is new and goes to {new}."), subject, *targets, what)
        elif now is None:
            sentence = _("{subject}: {more} no longer goes to {old}.")
            yield Change(Area.CONVERSATION, sentence, subject, *targets, what)
        elif targets[0] != targets[1]:
            sentence = _("{subject}: {more} now goes to {new} instead of {old}.")
            yield Change(Area.CONVERSATION, sentence, subject, *targets, what)
        else:
            sides = _rest(was), _rest(now)
            yield Change(Area.CONVERSATION, _("{subject}: {more} does {new} instead of {old}."), subject, *sides, what)


def _what(transition: JSONObject, titles: Mapping[str, str]) -> str:
    """A choice by the title people see, anything else by what it waits for."""
    payload = transition.get("on_payload")
    if isinstance(payload, str) and payload in titles and "condition" not in transition:
        return f"“{titles[payload]}”"
    return trigger(transition) or "–"


def _rest(transition: JSONObject) -> str | None:
    triggers = {"target", "on_payload", "on_payload_prefix", "on_text", "on_type", "on_pattern", "condition"}
    return shown({key: value for key, value in transition.items() if key not in triggers} or None)


def _tasks(old: JSONObject, new: JSONObject) -> Iterator[Change]:
    before, after = mapping(old.get("tasks")), mapping(new.get("tasks"))
    for name in dict.fromkeys((*before, *after)):
        if name not in before:
            yield Change(Area.CONVERSATION, _("New task {subject}."), name, None, name)
        elif name not in after:
            yield Change(Area.CONVERSATION, _("The task {subject} is gone."), name, name, None)
        else:
            yield from action_changes(name, _listed(before[name]), _listed(after[name]))


def _listed(value: JSON) -> list[JSONObject]:
    return objects({"actions": value}, "actions")
