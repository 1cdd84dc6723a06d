"""Fixes of where things lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from flow_engine.answers import fold
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.problems.edits import insert, move, put, take
from platform_admin.authoring.problems.fix import CHOSEN_STEP, Fix
from platform_admin.authoring.problems.scene import Path, Scene
from platform_admin.changes.step_title import step_name, step_title

MOST_BUTTONS: Final = 3
"""Of one message in WhatsApp."""


def another_step(scene: Scene) -> Iterator[Fix]:
    """Lead to a step that is there, or make the one that is meant."""
    yield Fix(_("Choose a step"), (put(scene.path, CHOSEN_STEP),), chooses=True)
    wanted, start = scene.value, scene.start
    free = isinstance(wanted, str) and not wanted.startswith("@") and wanted not in scene.graph.states
    if free and start and not scene.graph_path and step_name(step_title(str(wanted))) == wanted:
        body: JSONObject = {"on_enter": [{"action": "send_text", "text": "…"}], "fallback": start}
        new: JSONObject = {"do": "add_step", "name": wanted, "value": body}
        yield Fix(_("Make the step “%(title)s”") % {"title": step_title(str(wanted))}, (new,))


def lead_here(scene: Scene) -> Iterator[Fix]:
    """Another step gets a way here: by a word of its own, which the author then turns into what she likes."""
    name, title = str(scene.step_path[-1]), step_title(scene.step)
    source: Path = (*scene.graph_path, "states", CHOSEN_STEP, "transitions")
    way: JSON = {"on_text": [title.lower()], "target": name}
    yield Fix(_("Lead here from…"), (insert(source, 0, way),), chooses=True)


def answer_the_button(scene: Scene) -> Iterator[Fix]:
    payload = scene.value
    if scene.step_path and isinstance(payload, str):
        way: JSON = {"on_payload": payload, "target": CHOSEN_STEP}
        yield Fix(_("Choose where it leads"), (insert((*scene.step_path, "transitions"), 0, way),), chooses=True)


def answer_the_choices(scene: Scene) -> Iterator[Fix]:
    begin = next(iter(scene.quoted), "")
    if begin:
        way: JSON = {"on_payload_prefix": begin, "extract_suffix_as": "chosen", "target": CHOSEN_STEP}
        yield Fix(_("Choose where they lead"), (insert((*scene.step_path, "transitions"), 0, way),), chooses=True)


def back_to_the_start(scene: Scene) -> Iterator[Fix]:
    start = scene.start
    if start is None or not scene.step_path or scene.step_path[-1] == start:
        return
    title = step_title(start)
    button = _button(scene, start, title)
    if button:
        yield Fix(_("Add a button “%(title)s”") % {"title": title}, button)
    label = _("Whatever is written leads to “%(title)s”") % {"title": title}
    yield Fix(label, (put((*scene.step_path, "fallback"), start),))


def _button(scene: Scene, start: str, title: str) -> tuple[JSONObject, ...]:
    """A button on the last thing that is said, if that can have one (more)."""
    state = scene.state
    actions = state.part.members.get("on_enter") if state else None
    last = actions[-1] if isinstance(actions, list) and actions else None
    if not isinstance(last, dict) or not isinstance(actions, list):
        return ()
    place: Path = (*scene.step_path, "on_enter", len(actions) - 1)
    payload = f"{str(scene.step_path[-1]).lower()}_{start.lower()}"
    new: JSONObject = {"id": payload, "title": title}
    way = insert((*scene.step_path, "transitions"), 0, {"on_payload": payload, "target": start})
    buttons = last.get("buttons")
    if last.get("action") == "send_interactive_buttons" and isinstance(buttons, list) and len(buttons) < MOST_BUTTONS:
        return insert((*place, "buttons"), len(buttons), new), way
    if last.get("action") == "send_text" and isinstance(last.get("text"), str) and set(last) == {"action", "text"}:
        asked: JSON = {"action": "send_interactive_buttons", "body": last["text"], "buttons": [new]}
        return put(place, asked), way
    return ()


def before_the_other(scene: Scene) -> Iterator[Fix]:
    """What is never reached goes first."""
    item = scene.under("transitions", "global_transitions", "on_enter")
    if item and isinstance(item[-1], int) and item[-1] > 0:
        yield Fix(_("Let it go first"), (move(item[:-1], item[-1], 0),))


def own_payload(scene: Scene) -> Iterator[Fix]:
    """The second of two choices that are the same to the bot becomes one of its own."""
    option = scene.under("buttons", "rows", "options")
    payload = scene.value
    if option and isinstance(payload, str):
        taken = str(scene.document)
        number = next(number for number in range(2, 1000) if f"{payload}_{number}" not in taken)
        yield Fix(_("Make it a choice of its own"), (put(scene.path, f"{payload}_{number}"),))


def without_the_word(scene: Scene) -> Iterator[Fix]:
    """The word is taken from the way that it leads to by mistake."""
    way = scene.under("transitions", "global_transitions")
    if not way or not scene.quoted:
        return
    word, words = scene.quoted[0], scene.at((*way, "on_text"))
    label = _("Take the word “%(word)s” out there") % {"word": word}
    if isinstance(scene.path[-1], int):
        left = scene.at(scene.path[:-1])
        last = isinstance(left, list) and len(left) == 1
        yield Fix(label, (take(way if last else scene.path),))
    elif isinstance(words, list):
        kept = [item for item in words if not isinstance(item, str) or fold(item) != fold(word)]
        yield Fix(label, (put((*way, "on_text"), kept) if kept else take(way),))


def until_the_bot_speaks(scene: Scene) -> Iterator[Fix]:
    yield Fix(_("After 12 hours"), (put((*scene.path, "resume"), {"after": "12h"}),))
    yield Fix(_("Only when my team says so"), (put((*scene.path, "resume"), "never"),))
