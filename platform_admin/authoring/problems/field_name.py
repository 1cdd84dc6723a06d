"""What the form calls the value a finding is about."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_admin.authoring.problems.scene import Path, Scene
from platform_admin.authoring.steps.constructs import ACTIONS, COLLECT, TIMEOUT, TRANSITION, WHEN, Construct

_OTHERS: Final = {
    "action": _("What the bot does"),
    "states": _("Steps"),
    "initial_state": _("Where everyone begins"),
    "id": _("Inner name"),
    "fallback": _("If nothing fits"),
    "llm_fallback": _("Answer free questions from the FAQ"),
    "title": _("On the button"),
    "description": _("Below it"),
    "rows": _("Choices"),
    "on_enter": _("What the bot does"),
    "transitions": _("When the customer…"),
}


def field_name(scene: Scene) -> str:
    """The label of the form's field, as far as there is one; else its name in the text."""
    key, path = _key(scene)
    construct = _construct(scene, path)
    asks = {ask.key: ask.label for ask in (*construct.asks, WHEN)} if construct else {}
    label: Promise | str = asks.get(key) or _OTHERS.get(key) or key.replace("_", " ")
    return str(label)


def _key(scene: Scene) -> tuple[str, Path]:
    """The key that is meant, and the path of what it belongs to: a missing one is only named."""
    if scene.finding.code == "F021" and scene.quoted:
        return scene.quoted[0], scene.path
    words = [index for index, part in enumerate(scene.path) if isinstance(part, str)]
    if not words:
        return "", ()
    return str(scene.path[words[-1]]), scene.path[: words[-1]]


def _construct(scene: Scene, path: Path) -> Construct | None:
    match path:
        case (*_, "collect"):
            return COLLECT
        case (*_, "timeout"):
            return TIMEOUT
        case (*_, "transitions" | "global_transitions", int()):
            return TRANSITION
        case (*_, int()):
            return ACTIONS.get(str(scene.object_at(path).get("action")))
        case _:
            return None
