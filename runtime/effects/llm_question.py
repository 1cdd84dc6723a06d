"""``AskLLM`` performed: within the month's quota, through the registry's guarded connector."""

from __future__ import annotations

import logging

from connectors.llm.usage import MonthUse, Reservation, UsageLedgerPort, crossed_marks, month_of
from flow_engine.effects import AskLLM
from flow_engine.events import LLMAnswered
from flow_engine.vocabulary import AnswerOutcome
from runtime.active_config import ActiveConfig
from runtime.ports.clock import Clock
from runtime.store_retry import until_stored

log = logging.getLogger(__name__)


async def perform_llm_question(
    ask: AskLLM, config: ActiveConfig, *, usage: UsageLedgerPort, clock: Clock
) -> LLMAnswered:
    """Ask once, if the quota has room for the most that it can cost.

    What it did cost is stored before anything else is decided: it is spent, whatever becomes of the turn.
    """
    llm = config.registry.llm
    if llm is None:
        return LLMAnswered(clock.now(), ask.id, AnswerOutcome.UNAVAILABLE)
    quota = config.quota_monthly_tokens
    most = llm.most_tokens(ask.question, knowledge=config.knowledge_markdown)
    held = Reservation(ask.id, month_of(clock.now(), config.timezone), most)
    if not await until_stored(lambda: usage.reserve(held, quota=quota)):
        return LLMAnswered(clock.now(), ask.id, AnswerOutcome.QUOTA_EXCEEDED)
    answer = await llm.answer(
        ask.question, knowledge=config.knowledge_markdown, language=ask.language, context=(), idempotency_key=ask.id
    )
    use = await until_stored(lambda: usage.settle(ask.id, answer.tokens))
    _warn(use, answer.tokens, quota)
    return LLMAnswered(clock.now(), ask.id, AnswerOutcome(answer.outcome.value), answer.text)


def _warn(use: MonthUse | None, spent: int, quota: int | None) -> None:
    """One line a mark and month: someone must hear of it before customers do."""
    if use is None:
        return
    for mark in crossed_marks(use.settled - spent, use.settled, quota):
        log.warning("llm_quota mark=%d%% used=%d quota=%s", mark, use.settled, quota)
