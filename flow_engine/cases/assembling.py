"""Puts a case together with the pieces it uses and the settings of its flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from flow_engine.cases.case import Case, CaseFile
from flow_engine.program import Program, ProgramSettings
from flow_engine.vocabulary import JSON, JSONObject

DEFAULT_NOW: Final = "2026-11-23T10:00"
"""A Monday morning, in the tenant's zone."""

DEFAULT_CHANNEL: Final = "whatsapp"
DEFAULT_CONTACT: Final[Mapping[str, JSON]] = {"id": "customer", "name": None, "phone": None}


def assemble(case: CaseFile, pieces: Sequence[CaseFile], defaults: Mapping[str, JSON]) -> Case:
    """``pieces`` in the order of ``use``: their steps come first, their answers last; what the case says wins.

    ``defaults`` are the flow's own settings (``defaults.yaml`` beside it).
    """
    everything = (case, *pieces)
    settings: JSONObject = dict(defaults)
    for piece in (*pieces, case):
        settings = _merge(settings, piece.settings)
    contact: JSONObject = dict(DEFAULT_CONTACT)
    for piece in (*pieces, case):
        contact |= {key: value for key, value in piece.contact.items() if value is not None}
    return Case(
        file=case.file,
        description=case.description or case.file,
        settings=settings,
        now=next((piece.now for piece in everything if piece.now), DEFAULT_NOW),
        contact=contact,
        channel=next((piece.channel for piece in everything if piece.channel), DEFAULT_CHANNEL),
        scripts=tuple(script for piece in everything for script in piece.scripts),
        llm=tuple(script for piece in everything for script in piece.llm),
        steps=tuple(step for piece in (*pieces, case) for step in piece.steps),
    )


def program_settings(settings: Mapping[str, JSON]) -> ProgramSettings:
    """Values of the wrong kind count as absent; the reader has reported them."""
    timezone, language, business = settings.get("timezone"), settings.get("language"), settings.get("business")
    sentences = settings.get("sentences")
    return ProgramSettings(
        timezone=timezone if isinstance(timezone, str) else "UTC",
        language=language if isinstance(language, str) else "en",
        llm_enabled=settings.get("llm_enabled") is True,
        sentences=_sentences(sentences) if isinstance(sentences, dict) else {},
        business=business if isinstance(business, dict) else {},
    )


def _sentences(written: JSONObject) -> dict[str, str | Mapping[str, str]]:
    """A text, or a text per language."""
    return {
        key: {language: str(words) for language, words in text.items()} if isinstance(text, dict) else str(text)
        for key, text in written.items()
    }


def moment(text: str, program: Program) -> datetime:
    """An ISO date and time as the case writes it; in the tenant's zone where it has no offset of its own."""
    read = datetime.fromisoformat(text.strip())
    return read if read.tzinfo is not None else read.replace(tzinfo=program.zone)


def _merge(settings: JSONObject, over: Mapping[str, JSON]) -> JSONObject:
    merged = dict(settings)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
