"""What a step does and says."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from django.utils.translation import gettext_noop as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.changes.change import Area, Change, by_id, shown
from platform_admin.changes.titles import first_text

_SAID: Final = frozenset({"body", "button", "caption", "empty_text", "footer", "header", "text"})
"""Keys whose value a customer reads."""

_IDENTITY: Final = ("action", "connector", "operation", "name", "task", "flow")
_CHOICES: Final = ("buttons", "options", "rows")


def action_changes(step: str, old: list[JSONObject], new: list[JSONObject]) -> Iterator[Change]:
    """Between two lists of actions of one step (or task)."""
    matcher = SequenceMatcher(None, [_kind(item) for item in old], [_kind(item) for item in new], autojunk=False)
    for _tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        for was, now in zip_longest(old[old_from:old_to], new[new_from:new_to]):
            if was is not None and now is not None and _kind(was) == _kind(now):
                yield from _fields(step, was, now)
                continue
            if was is not None:
                yield Change(Area.CONVERSATION, _("{subject} no longer does this: {old}."), step, _short(was), None)
            if now is not None:
                yield Change(Area.CONVERSATION, _("{subject} also does this: {new}."), step, None, _short(now))


def _kind(action: JSONObject) -> tuple[str, ...]:
    return tuple(str(action.get(key, "")) for key in _IDENTITY)


def _short(action: JSONObject) -> str:
    """Its words where it says something, else what it is."""
    said = next((first_text(action[key]) for key in ("body", "text") if key in action), None)
    name = " ".join(filter(None, _kind(action))).replace("_", " ")
    return name if said is None else f"{name}: {said}"


def _fields(step: str, was: JSONObject, now: JSONObject) -> Iterator[Change]:
    for key in dict.fromkeys((*was, *now)):
        before, after = was.get(key), now.get(key)
        if before == after:
            continue
        if key in _SAID:
            yield from _said(step, before, after)
        elif key in _CHOICES:
            yield from _choices(step, before, after)
        elif key == "sections":
            yield from _choices(step, _rows(before), _rows(after))
        else:
            name = key.replace("_", " ")
            sentence = _("{subject}: {more} changed from {old} to {new}.")
            yield Change(Area.CONVERSATION, sentence, step, shown(before), shown(after), name)


def _said(step: str, old: JSON, new: JSON) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        for language in dict.fromkeys((*old, *new)):
            if old.get(language) != new.get(language):
                sides = shown(old.get(language)), shown(new.get(language))
                sentence = _("{subject} says in {more}: “{new}” instead of “{old}”.")
                yield Change(Area.CONVERSATION, sentence, step, *sides, language)
        return
    yield Change(Area.CONVERSATION, _("{subject} says “{new}” instead of “{old}”."), step, shown(old), shown(new))


def _choices(step: str, old: JSON, new: JSON) -> Iterator[Change]:
    before, after = by_id(old), by_id(new)
    for key in dict.fromkeys((*before, *after)):
        was = None if key not in before else first_text(before[key].get("title", key))
        now = None if key not in after else first_text(after[key].get("title", key))
        if was is None:
            yield Change(Area.CONVERSATION, _("{subject}: new choice “{new}”."), step, None, now)
        elif now is None:
            yield Change(Area.CONVERSATION, _("{subject}: the choice “{old}” is gone."), step, was, None)
        elif was != now:
            yield Change(Area.CONVERSATION, _("{subject}: the choice “{old}” is now called “{new}”."), step, was, now)
        elif before[key] != after[key]:
            sides = shown(before[key]), shown(after[key])
            yield Change(Area.CONVERSATION, _("{subject}: the choice “{more}” changed."), step, *sides, now)
    if list(before) != list(after) and set(before) == set(after):
        order = ", ".join(before), ", ".join(after)
        yield Change(Area.CONVERSATION, _("{subject}: the choices are in another order."), step, *order)


def _rows(sections: JSON) -> list[JSON]:
    items = sections if isinstance(sections, list) else []
    return [row for section in items if isinstance(section, dict) for row in _list(section.get("rows"))]


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []
