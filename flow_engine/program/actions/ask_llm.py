from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class AskLlm:
    """``ask_llm``: say what the knowledge document answers to ``question``.

    Emits one ``AskLLM``; the conversation waits, and the list goes on after this action when the answer is there. A
    question that renders empty is left out. Without an LLM the state's fallback is entered; in a task nothing follows.
    """

    kind: ClassVar[str] = "ask_llm"

    question: Template


def read(fields: Fields) -> AskLlm:
    return AskLlm(fields.template("question"))
