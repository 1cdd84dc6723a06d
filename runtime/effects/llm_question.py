"""``AskLLM`` performed: within the month's quota, through the registry's guarded connector."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flow_engine.effects import AskLLM
from flow_engine.events import LLMAnswered
from flow_engine.vocabulary import AnswerOutcome
from runtime.active_config import ActiveConfig
from runtime.ports.clock import Clock
from runtime.ports.conversation_store import ConversationStore, TokenUse
from runtime.store_retry import until_stored


@dataclass(frozen=True, slots=True)
class Answered:
    """The event, and what to charge in the same transaction as the step it leads to."""

    event: LLMAnswered
    token_use: TokenUse | None = None


async def perform_llm_question(
    ask: AskLLM, config: ActiveConfig, *, conversations: ConversationStore, clock: Clock
) -> Answered:
    """Ask once. Questions under way together may pass the quota by what they cost; none starts above it."""
    llm = config.registry.llm
    if llm is None:
        return _without_answer(ask, AnswerOutcome.UNAVAILABLE, clock)
    month = clock.now().astimezone(ZoneInfo(config.timezone)).strftime("%Y-%m")
    if config.quota_monthly_tokens is not None:
        used = await until_stored(lambda: conversations.tokens_used(month))
        if used >= config.quota_monthly_tokens:
            return _without_answer(ask, AnswerOutcome.QUOTA_EXCEEDED, clock)
    answer = await llm.answer(
        ask.question, knowledge=config.knowledge_markdown, language=ask.language, context=(), idempotency_key=ask.id
    )
    event = LLMAnswered(clock.now(), ask.id, AnswerOutcome(answer.outcome.value), answer.text)
    return Answered(event, TokenUse(month, answer.tokens) if answer.tokens else None)


def _without_answer(ask: AskLLM, outcome: AnswerOutcome, clock: Clock) -> Answered:
    return Answered(LLMAnswered(clock.now(), ask.id, outcome))
