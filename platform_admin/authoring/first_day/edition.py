"""``Edition``: a template as a business of one language takes it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flow_engine.vocabulary import JSONObject
from platform_admin.knowledge.evaluating import Expectation

FLOWS: Final = Path(__file__).resolve().parents[3] / "flows"


@dataclass(frozen=True, slots=True)
class Edition:
    """``language`` is the business's own (a base tag); ``languages`` are those in which its customers are answered.

    ``faq`` replaces what stands under a heading of the FAQ. ``part`` is the heading of the FAQ's part in this language,
    where the document has one for each, and what that part is called on its own. ``questions`` must be right before
    anything is published.
    """

    language: str
    languages: tuple[str, ...]
    flow: Path
    folder: Path
    services: tuple[JSONObject, ...]
    faq: Mapping[str, str]
    questions: tuple[Expectation, ...] = ()
    part: tuple[str, str] | None = None
