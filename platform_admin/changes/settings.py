"""Settings, part by part: channels, connectors, free questions, canned sentences, policies."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.changes.change import Area, Change, shown

_PARTS = ("channels", "connectors", "llm", "sentences", "policies")


def settings_changes(old: JSONObject, new: JSONObject) -> tuple[Change, ...]:
    """Between two settings documents; business settings are compared by ``business_changes``."""
    return tuple(change for part in _PARTS for change in _differences((part,), old.get(part), new.get(part)))


def _differences(path: tuple[str, ...], old: JSON, new: JSON) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, list) and isinstance(new, list):
        old = {str(index): item for index, item in enumerate(old)}
        new = {str(index): item for index, item in enumerate(new)}
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences((*path, key), old.get(key), new.get(key))
        return
    name = " › ".join(path)
    if not old and old is not False and old != 0:
        yield Change(Area.SETTINGS, _("{subject} is now {new}."), name, None, shown(new))
    elif not new and new is not False and new != 0:
        yield Change(Area.SETTINGS, _("{subject} is no longer set (it was {old})."), name, shown(old), None)
    else:
        yield Change(Area.SETTINGS, _("{subject} changed from {old} to {new}."), name, shown(old), shown(new))
