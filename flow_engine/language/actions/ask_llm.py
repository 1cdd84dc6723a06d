"""``ask_llm``: answer a question from the knowledge document."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, Text


class AskLlm(ActionConstruct):
    """Says what the knowledge document answers to ``question``; the actions after it go on then.

    Where the document has no answer the tenant's safe sentence is said. Without an LLM the state's fallback is entered.

    ```yaml
    - action: ask_llm
      question: "What does {{ data.treatment }} cost?"
    ```
    """

    action: Literal["ask_llm"]
    question: Text
