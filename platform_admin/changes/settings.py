"""Settings, part by part: channels, connectors, free questions, canned sentences, policies. In people's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.changes.change import Area, Change, mapping, shown
from platform_admin.changes.settings_words import CHANNELS, CONNECTIONS, TITLES

_OTHERS: Final = ("llm", "policies")


def settings_changes(old: JSONObject, new: JSONObject) -> tuple[Change, ...]:
    """Between two settings documents; business settings are compared by ``business_changes``."""
    return (
        *_channels(old.get("channels"), new.get("channels")),
        *_connectors(old.get("connectors"), new.get("connectors")),
        *(change for part in _OTHERS for change in _differences((part,), old.get(part), new.get(part))),
        *_sentences(old.get("sentences"), new.get("sentences")),
    )


def _channels(old: JSON, new: JSON) -> Iterator[Change]:
    """By what they are, not by their number in the list: taking one away changes none of the others."""
    before, after = _by_account(old), _by_account(new)
    for account in dict.fromkeys((*before, *after)):
        was, now = before.get(account), after.get(account)
        if was == now:
            continue
        name = _channel_name(mapping(now or was))
        if was is None:
            yield Change(Area.SETTINGS, _("New channel: {subject}."), name, None, name)
        elif now is None:
            yield Change(Area.SETTINGS, _("The channel {subject} is gone."), name, name, None)
        else:
            yield from _differences((name,), was, now)


def _by_account(value: JSON) -> dict[str, JSON]:
    items = value if isinstance(value, list) else []
    return {_account(item, index): item for index, item in enumerate(items)}


def _account(channel: JSON, index: int) -> str:
    fields = mapping(channel)
    number = fields.get("phone_number_id") or fields.get("bot_id") or ""
    return f"{fields.get('type', index)} {number}"


def _channel_name(channel: Mapping[str, JSON]) -> str:
    kind = str(channel.get("type", ""))
    number = channel.get("phone_number_id") or channel.get("bot_id")
    name = CHANNELS.get(kind, kind)
    return f"{name} {number}" if number else name


def _connectors(old: JSON, new: JSON) -> Iterator[Change]:
    before, after = mapping(old), mapping(new)
    for category in dict.fromkeys((*before, *after)):
        was, now = mapping(before.get(category)), mapping(after.get(category))
        if before.get(category) == after.get(category):
            continue
        name = CONNECTIONS.get(category, category)
        sides = _provider(was), _provider(now)
        if category not in before:
            yield Change(Area.SETTINGS, _("{subject} is connected: {new}."), name, None, sides[1])
        elif category not in after:
            yield Change(Area.SETTINGS, _("{subject} is no longer connected (it was {old})."), name, sides[0], None)
        elif sides[0] != sides[1]:
            yield Change(Area.SETTINGS, _("{subject} is now connected to {new} instead of {old}."), name, *sides)
        else:
            yield from _differences((name,), {**was}, {**now})


def _provider(block: Mapping[str, JSON]) -> str:
    return str(block.get("type", "–")).replace("_", " ")


def _sentences(old: JSON, new: JSON) -> Iterator[Change]:
    before, after = mapping(old), mapping(new)
    for key in dict.fromkeys((*before, *after)):
        was, now = shown(before.get(key)), shown(after.get(key))
        if was == now:
            continue
        name = key.replace("_", " ")
        if was is None:
            yield Change(Area.SETTINGS, _("The standing sentence “{subject}” is now “{new}”."), name, None, now)
        elif now is None:
            sentence = _("The standing sentence “{subject}” is ours again (yours was “{old}”).")
            yield Change(Area.SETTINGS, sentence, name, was, None)
        else:
            sentence = _("The standing sentence “{subject}” is now “{new}” instead of “{old}”.")
            yield Change(Area.SETTINGS, sentence, name, was, now)


def _differences(path: tuple[str, ...], old: JSON, new: JSON) -> Iterator[Change]:
    if old == new:
        return
    title = TITLES.get(path)
    if title is None and isinstance(old, list) and isinstance(new, list):
        old = {str(index): item for index, item in enumerate(old)}
        new = {str(index): item for index, item in enumerate(new)}
    if title is None and isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences((*path, key), old.get(key), new.get(key))
        return
    name = title or " › ".join(part.replace("_", " ") for part in path)
    if not old and old is not False and old != 0:
        yield Change(Area.SETTINGS, _("{subject} is now {new}."), name, None, shown(new))
    elif not new and new is not False and new != 0:
        yield Change(Area.SETTINGS, _("{subject} is no longer set (it was {old})."), name, shown(old), None)
    else:
        yield Change(Area.SETTINGS, _("{subject} changed from {old} to {new}."), name, shown(old), shown(new))
