"""``TemplateDefinition``: one message template of an account, as far as sending it needs to know it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

APPROVED: Final = "APPROVED"
LOW_QUALITY: Final = "RED"  # the step before Meta pauses a template

_BLANK: Final = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,64})\s*\}\}")

type Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TemplateDefinition:
    """``parameters`` is how many blanks the body has where they are counted, or their names in order.

    ``header`` is ``{"format", "parameters"?}`` or ``None``. ``buttons`` are ``{"type", "text", "parameters"?}`` in
    their order. ``status``, ``category`` and ``quality`` are Meta's words (``APPROVED``, ``UTILITY``, ``GREEN``);
    ``reason`` is why it was rejected.
    """

    name: str
    language: str
    category: str
    status: str
    parameters: int | tuple[str, ...]
    header: Part | None
    buttons: tuple[Part, ...]
    quality: str = ""
    reason: str = ""


def read_template(raw: Mapping[str, Any]) -> TemplateDefinition | None:
    """From one element of ``GET /{account}/message_templates``; ``None`` where name or language are missing."""
    name, language = raw.get("name"), raw.get("language")
    if not isinstance(name, str) or not isinstance(language, str) or not name or not language:
        return None
    parts = [part for part in _list(raw.get("components")) if isinstance(part, dict)]
    body = _text(_first(parts, "BODY").get("text"))
    quality = raw.get("quality_score")
    return TemplateDefinition(
        name=name,
        language=language_code(language),
        category=_text(raw.get("category")),
        status=_text(raw.get("status")) or APPROVED,
        parameters=blanks_in(body),
        header=_header(_first(parts, "HEADER")),
        buttons=tuple(_button(button) for button in _list(_first(parts, "BUTTONS").get("buttons"))),
        quality=_text(quality.get("score")) if isinstance(quality, dict) else "",
        reason=_text(raw.get("rejected_reason")).removeprefix("NONE"),
    )


def language_code(language: str) -> str:
    """Meta writes ``en_US`` in most places and ``en-US`` in some webhooks."""
    return language.replace("-", "_")


def blanks_in(text: str) -> int | tuple[str, ...]:
    """How many blanks, where they are numbers (the highest counts), or their names, each once and in order."""
    found = tuple(dict.fromkeys(_BLANK.findall(text)))
    if all(blank.isdigit() for blank in found):
        return max(map(int, found), default=0)
    return found


def _header(part: Part) -> Part | None:
    if not part:
        return None
    shown: Part = {"format": _text(part.get("format")) or "TEXT"}
    blanks = blanks_in(_text(part.get("text")))
    return {**shown, "parameters": _plain(blanks)} if blanks else shown


def _button(raw: object) -> Part:
    button = raw if isinstance(raw, dict) else {}
    shown: Part = {"type": _text(button.get("type")), "text": _text(button.get("text"))}
    blanks = blanks_in(_text(button.get("url")))
    return {**shown, "parameters": _plain(blanks)} if blanks else shown


def _plain(blanks: int | tuple[str, ...]) -> int | list[str]:
    return blanks if isinstance(blanks, int) else list(blanks)


def _first(parts: list[Part], kind: str) -> Part:
    return next((part for part in parts if _text(part.get("type")).upper() == kind), {})


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
