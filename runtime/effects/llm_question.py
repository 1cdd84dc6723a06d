"""``AskLLM`` performed: within what the month and the customer's day allow, through the guarded connector."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.llm import LLMConnector
from connectors.llm.port import LLMAnswer, TokenUsage
from connectors.llm.usage import Admission, Allowance, Asker, Reservation, UsageLedgerPort
from flow_engine.effects import AskLLM
from flow_engine.events import LLMAnswered
from flow_engine.vocabulary import AnswerOutcome
from runtime.active_config import ActiveConfig
from runtime.ports.clock import Clock
from runtime.ports.inbox_store import ContactKey
from runtime.store_retry import until_stored

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a question is asked with. ``earlier`` are the customer's last texts before it, oldest first."""

    usage: UsageLedgerPort
    clock: Clock
    contact: ContactKey
    earlier: Sequence[str] = ()


async def perform_llm_question(ask: AskLLM, config: ActiveConfig, asking: Asking) -> LLMAnswered:
    """Ask once, if there is room for the most that it can cost.

    What it did cost is stored before anything else is decided: it is spent, whatever becomes of the turn.
    """
    clock, llm = asking.clock, config.registry.llm
    if llm is None:
        return LLMAnswered(clock.now(), ask.id, AnswerOutcome.UNAVAILABLE)
    admission = await _admitted(ask, config, asking, llm)
    if admission is not Admission.HELD:
        log.info("llm_not_asked reason=%s", admission.value, extra={"outcome": admission.value})
        return _without_asking(ask, config, clock, AnswerOutcome.QUOTA_EXCEEDED)
    answer = await llm.answer(
        ask.question,
        knowledge=config.knowledge_markdown,
        language=ask.language,
        context=asking.earlier,
        idempotency_key=ask.id,
    )
    await _pay(ask, config, asking, answer)
    outcome = AnswerOutcome(answer.outcome.value)
    if outcome is AnswerOutcome.UNAVAILABLE:
        return _without_asking(ask, config, clock, outcome)
    return LLMAnswered(clock.now(), ask.id, outcome, answer.text)


async def _admitted(ask: AskLLM, config: ActiveConfig, asking: Asking, llm: LLMConnector) -> Admission:
    most = llm.most_tokens(ask.question, knowledge=config.knowledge_markdown, context=asking.earlier)
    asker = Asker(asking.contact.channel_id, asking.contact.contact_id)
    held = Reservation(ask.id, most, asking.clock.now(), config.timezone, asker)
    allowance = Allowance(config.quota_monthly_tokens, config.questions_per_contact_per_day)
    return await until_stored(lambda: asking.usage.reserve(held, allowance))


async def _pay(ask: AskLLM, config: ActiveConfig, asking: Asking, answer: LLMAnswer) -> None:
    spent = answer.usage or TokenUsage(fresh_input=answer.tokens)
    quota, now = config.quota_monthly_tokens, asking.clock.now()
    settled = await until_stored(lambda: asking.usage.settle(ask.id, spent, at=now, quota=quota))
    if settled is not None:
        for mark in settled.marks:
            log.warning("llm_quota mark=%d%% used=%d quota=%s", mark, settled.use.settled, quota)


def _without_asking(ask: AskLLM, config: ActiveConfig, clock: Clock, outcome: AnswerOutcome) -> LLMAnswered:
    """The document's own words, where the tenant wants that; else the outcome that says the safe sentence."""
    if config.keyword_answers:
        from connectors.llm.keyword_search import keyword_answer  # noqa: PLC0415 - brings the verifier, 2 MiB

        text = keyword_answer(ask.question, config.knowledge_markdown, ask.language)
        if text:
            return LLMAnswered(clock.now(), ask.id, AnswerOutcome.ANSWERED, text)
    return LLMAnswered(clock.now(), ask.id, outcome)
