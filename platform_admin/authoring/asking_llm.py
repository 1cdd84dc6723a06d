"""A question tried with the business's own language model, as a customer's would be."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from connectors.errors import ConnectorConfigError
from connectors.llm.port import AnswerOutcome, LLMAnswer
from connectors.registry import ConnectorRegistry
from flow_engine.vocabulary import JSONObject
from platform_admin.credentials.purpose import Purpose
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.stored_connections import open_block, real_categories
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import Tenant

_CATEGORY: Final = "llm"


@dataclass(frozen=True, slots=True)
class Worded:
    """``text`` is empty where the model did not answer; ``reached`` is false where it could not be asked."""

    reached: bool
    text: str = ""


def has_llm(document: SettingsDocument) -> bool:
    """A language model is connected and switched on."""
    return _CATEGORY in real_categories(document)


def ask_llm(tenant: Tenant, document: SettingsDocument, question: str, *, markdown: str, by: Actor) -> Worded | None:
    """What the model makes of it, held to the lines of ``markdown``; ``None`` where none is connected.

    It costs what a customer's question costs with the provider; the bot's own quota does not count it.
    """
    if not has_llm(document):
        return None
    block = open_block(tenant, _CATEGORY, purpose=Purpose.QUESTION, by=by)
    answer = asyncio.run(_answer({_CATEGORY: block}, question, markdown=markdown, language=tenant.language))
    if answer is None or answer.outcome is AnswerOutcome.UNAVAILABLE:
        return Worded(reached=False)
    return Worded(reached=True, text=answer.text if answer.outcome is AnswerOutcome.ANSWERED else "")


async def _answer(blocks: dict[str, JSONObject], question: str, *, markdown: str, language: str) -> LLMAnswer | None:
    try:
        registry = ConnectorRegistry.from_config(blocks, knowledge=markdown, egress=settings.PROBE_EGRESS)
    except ConnectorConfigError:
        return None
    try:
        llm = registry.llm
        return None if llm is None else await llm.answer(question, knowledge=markdown, language=language)
    finally:
        await registry.close()
