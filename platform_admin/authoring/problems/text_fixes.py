"""Fixes of what is said: shorter, with a default, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON
from platform_admin.authoring.problems.edits import insert, put
from platform_admin.authoring.problems.fix import Fix
from platform_admin.authoring.problems.scene import Scene


def shorten(scene: Scene) -> Iterator[Fix]:
    text, most = scene.value, _number(scene.numbers[1:2])
    if isinstance(text, str) and most > 1:
        short = shortened(text, most)
        yield Fix(_("Shorten to “%(text)s”") % {"text": short}, (put(scene.path, short),))


def shortened(text: str, most: int) -> str:
    """The words that fit, whole where at least half of the room is used."""
    line = " ".join(text.split())
    words = line[: most + 1].rpartition(" ")[0].rstrip(" ,;:-–·.")
    if len(line) <= most:
        return line
    return words if len(words) >= most / 2 else f"{line[: most - 1].rstrip()}…"


def keep_the_kind_of_text(scene: Scene) -> Iterator[Fix]:
    """A number or yes/no where words should stand becomes words."""
    value = scene.value
    if "must be a text" in scene.finding.message and isinstance(value, bool | int | float):
        written = str(value).lower() if isinstance(value, bool) else str(value)
        yield Fix(_("Take it as the text “%(text)s”") % {"text": written}, (put(scene.path, written),))


def say_something(scene: Scene) -> Iterator[Fix]:
    new: JSON = {"action": "send_text", "text": "…"}
    yield Fix(_("Let the bot say something"), (insert((*scene.step_path, "on_enter"), 0, new),))


def give_a_default(scene: Scene) -> Iterator[Fix]:
    """``{{ data.name }}`` becomes ``{{ data.name | default: "" }}``: nothing is said where nothing is known."""
    text = scene.value
    missing = next(iter(scene.quoted), "")
    if not isinstance(text, str) or not missing:
        return
    mended = re.sub(rf"{{{{\s*{re.escape(missing)}\s*}}}}", f"{{{{ {missing} | default: '' }}}}", text)
    if mended != text:
        yield Fix(_("Leave it out where it is not known"), (put(scene.path, mended),))


def write_the_language(scene: Scene) -> Iterator[Fix]:
    if isinstance(scene.value, dict | str):
        yield Fix(_("Write it"), texts=True)


def write_https(scene: Scene) -> Iterator[Fix]:
    address = scene.value
    if isinstance(address, str):
        rest = address.removeprefix("http://").lstrip("/: ")
        yield Fix(_("Make it https://"), (put(scene.path, f"https://{rest}"),))


def without_sign(scene: Scene) -> Iterator[Fix]:
    """The id without the signs, wherever it is meant."""
    identity = scene.value
    if isinstance(identity, str):
        plain = re.sub(r"^@+|~", "", identity) or "option"
        yield Fix(_("Take the sign out"), tuple(put(path, plain) for path in _same(scene.document, identity)))


def _same(value: JSON, identity: str, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every ``id`` and ``on_payload`` that reads like this."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key in ("id", "on_payload") and member == identity:
                yield (*path, key)
            yield from _same(member, identity, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _same(item, identity, (*path, index))


def _number(found: list[str]) -> int:
    return int(found[0].replace(",", "")) if found else 0
