"""Answers to free questions, taken from the tenant's knowledge document and from nowhere else."""

from connectors.llm.mock_llm.adapter import MockLLMAdapter
from connectors.llm.port import AnswerOutcome, LLMAnswer, LLMConnector

__all__ = ["AnswerOutcome", "LLMAnswer", "LLMConnector", "MockLLMAdapter"]
