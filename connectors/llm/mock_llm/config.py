"""The ``connectors.llm`` block of type ``mock_llm``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from connectors.kernel.option_kinds import Document
from connectors.kernel.options import option
from connectors.llm.port import AnswerOutcome, LLMAnswer
from connectors.plain_json import JSON
from connectors.words import Words


def read_response(response: JSON) -> str | LLMAnswer:
    """One value of ``responses``. Raises ``ValueError`` saying what it must be."""
    if isinstance(response, str):
        return response
    if not isinstance(response, dict) or set(response) - {"outcome", "text", "tokens"}:
        raise ValueError("must be a text or a mapping of outcome, text and tokens")
    outcome, text, tokens = response.get("outcome", "answered"), response.get("text", ""), response.get("tokens", 0)
    outcomes = {item.value: item for item in AnswerOutcome}
    if not isinstance(outcome, str) or outcome not in outcomes:
        raise ValueError(f"outcome must be one of {', '.join(outcomes)}")
    if not isinstance(text, str):
        raise ValueError("'text' must be a text")  # noqa: TRY004 - a fault of the document
    if isinstance(tokens, bool) or not isinstance(tokens, int) or tokens < 0:
        raise ValueError("'tokens' must be a whole number from 0")
    return LLMAnswer(outcomes[outcome], text, tokens)


def read_responses(value: JSON) -> Mapping[str, str | LLMAnswer]:
    """All of them; the first fault names its question."""
    if not isinstance(value, dict):
        raise ValueError("must be a mapping of questions to answers")  # noqa: TRY004 - a fault of the document
    responses: dict[str, str | LLMAnswer] = {}
    for question, response in value.items():
        try:
            responses[question] = read_response(response)
        except ValueError as error:
            raise ValueError(f"{question}: {error}") from None
    return responses


@dataclass(frozen=True, slots=True, kw_only=True)
class MockLLMConfig:
    """``responses`` empty: every answer is a quotation of the knowledge document."""

    responses: Annotated[
        Mapping[str, str | LLMAnswer],
        option(
            Document(
                read_responses,
                {
                    "type": "object",
                    "additionalProperties": {
                        "oneOf": [
                            {"type": "string"},
                            {
                                "type": "object",
                                "properties": {
                                    "outcome": {"enum": [item.value for item in AnswerOutcome]},
                                    "text": {"type": "string"},
                                    "tokens": {"type": "integer", "minimum": 0},
                                },
                                "additionalProperties": False,
                            },
                        ]
                    },
                },
            ),
            Words("Prepared answers", "Respuestas preparadas"),
        ),
    ] = field(default_factory=dict)
