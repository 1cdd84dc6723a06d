from __future__ import annotations

from itertools import repeat
from typing import Any

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import one_line, render_body, render_list_button
from flow_engine.interpreter.turn import Turn
from flow_engine.limits import MAX_DYNAMIC_OPTIONS
from flow_engine.outputs.output import AS_OPTION, Option, OptionList, Section, Text
from flow_engine.program.actions.send_dynamic_options import SendDynamicOptions
from flow_engine.trace import OptionsSkipped
from flow_engine.vocabulary import JSON

_NUMBER_LIMIT = 2**63
"""Larger numbers are no ids of anything; Python refuses to print the largest of them."""


def run(turn: Turn, action: SendDynamicOptions) -> After:
    options = _read_options(turn, action)
    if not options:
        empty = action.empty_text
        turn.say(Text(turn.sentence("nothing_available") if empty is None else empty.render_text(turn.scope)))
        return After.FALL_BACK
    caption = render_list_button(turn, action.button)
    turn.offer(OptionList(render_body(turn, action.text), caption, (Section(options, None),), None, None, 1))
    return After.GO_ON


def _read_options(turn: Turn, action: SendDynamicOptions) -> tuple[Option, ...]:
    """What a connector returned, as far as it can be offered: each id once, at most ``MAX_DYNAMIC_OPTIONS``."""
    items = _look_up(turn.data, action.source_path)
    if not isinstance(items, list):
        return ()
    stamp = turn.stamp
    return _take_all(items, stamp) or _take_usable(turn, action, items, stamp)


def _take_all(items: list[JSON], stamp: str) -> tuple[Option, ...]:
    """A list that can be offered as it is; nothing where anything in it has to be mended or left out.

    Connectors mostly return such lists. To look at all texts at once takes a third less than one by one (measured).
    """
    offered: Any = items  # asked for what an option has; what is no object has nothing
    try:
        ids: list[str] = [item["id"] for item in offered]
        titles: list[str] = [item["title"] for item in offered]
        if [item for item in offered if item.get("description")]:
            return ()
        joined = f"|{'|'.join(titles)}|"
        if list(map(str.strip, ids)) != ids or not joined.isprintable():
            return ()
    except (TypeError, KeyError):
        return ()
    if "  " in joined or " |" in joined or "| " in joined:
        return ()
    if not (all(ids) and all(titles) and len(set(ids)) == len(ids) <= MAX_DYNAMIC_OPTIONS):
        return ()
    return tuple(map(AS_OPTION, zip([option_id + stamp for option_id in ids], titles, repeat(None), strict=False)))


def _take_usable(turn: Turn, action: SendDynamicOptions, items: list[JSON], stamp: str) -> tuple[Option, ...]:
    options: dict[str, Option] = {}
    for item in items:
        option = _read_option(item, stamp)
        if option is not None and option.id not in options:
            options[option.id] = option
            if len(options) == MAX_DYNAMIC_OPTIONS:
                break
    if len(options) < len(items):
        turn.trace.append(OptionsSkipped(action.source_key, len(items) - len(options)))
    return tuple(options.values())


def _look_up(value: JSON, path: tuple[str, ...]) -> JSON:
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def _read_option(item: JSON, stamp: str) -> Option | None:
    if not isinstance(item, dict):
        return None
    get = item.get
    option_id, title, description = get("id"), get("title"), get("description")
    if not isinstance(option_id, str):
        option_id = _id_of_number(option_id)
    # The id comes back as the payload and so stays as it is; channels refuse blanks around it.
    if not option_id or option_id != option_id.strip():
        return None
    return Option(
        option_id + stamp,
        (one_line(title) if isinstance(title, str) else "") or option_id,
        (one_line(description) or None) if isinstance(description, str) else None,
    )


def _id_of_number(value: JSON) -> str:
    """A connector may name its things by number; ``True`` is a number to Python only."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < _NUMBER_LIMIT
    return str(value) if is_number else ""
