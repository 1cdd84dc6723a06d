"""The templates of the account, with their states, and what a send of one is refused for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

type Object = dict[str, Any]
type Refusal = tuple[int, int, str]
"""HTTP status, Meta's code, what is wrong."""


@dataclass(frozen=True, slots=True)
class ShelfTemplate:
    """``parameters`` is how many blanks the body has, or their names; ``buttons`` the sub-types, in order."""

    name: str
    language: str
    status: str = "APPROVED"
    parameters: int | frozenset[str] = 0
    header: str | None = None
    buttons: tuple[str, ...] = ()


class TemplateShelf:
    """Empty: any template passes, as tests that do not care expect."""

    def __init__(self, *templates: ShelfTemplate) -> None:
        self._templates = {(template.name, template.language): template for template in templates}

    def put(self, template: ShelfTemplate) -> None:
        """Add a template, or change the state of one."""
        self._templates[template.name, template.language] = template

    def refusal_of(self, content: Object) -> Refusal | None:
        if not self._templates:
            return None
        known = self._templates.get((content["name"], content["language"]["code"]))
        if known is None:
            return 404, 132001, "template name does not exist in the translation"
        match known.status:
            case "APPROVED":
                return _mismatch(known, content.get("components", []))
            case "PAUSED":
                return 400, 132015, "template is paused"
            case "DISABLED":
                return 400, 132016, "template is disabled"
            case _:
                return 404, 132001, f"template is {known.status}"


def _mismatch(known: ShelfTemplate, components: list[Object]) -> Refusal | None:
    filled = {kind: [part for part in components if part["type"] == kind] for kind in ("header", "body", "button")}
    body = filled["body"][0]["parameters"] if filled["body"] else []
    wanted = known.parameters
    if isinstance(wanted, int):
        if len(body) != wanted or any("parameter_name" in item for item in body):
            return 400, 132000, f"body: {len(body)} parameters, {wanted} expected"
    elif {item.get("parameter_name") for item in body} != wanted:
        return 400, 132000, f"body: the parameters are {sorted(wanted)}"
    header = filled["header"][0]["parameters"][0]["type"] if filled["header"] else None
    if header != known.header:
        return 400, 132012, f"header: {header} given, {known.header} expected"
    for part in filled["button"]:
        index = int(part["index"])
        if index >= len(known.buttons) or known.buttons[index] != part["sub_type"]:
            return 400, 132012, f"button {index} is no {part['sub_type']}"
    return None
