"""Answers to free questions, taken from the tenant's knowledge document and from nowhere else."""

from typing import TYPE_CHECKING

from connectors.llm.port import AnswerOutcome, LLMAnswer, LLMConnector

if TYPE_CHECKING:
    from connectors.llm.mock_llm.adapter import MockLLMAdapter

__all__ = ["AnswerOutcome", "LLMAnswer", "LLMConnector", "MockLLMAdapter"]


def __getattr__(name: str) -> object:
    """The adapter by its public name. It brings the verifier along (2 MiB), which a runtime without answers spares."""
    if name == "MockLLMAdapter":
        from connectors.llm.mock_llm.adapter import MockLLMAdapter  # noqa: PLC0415 - see above

        return MockLLMAdapter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
