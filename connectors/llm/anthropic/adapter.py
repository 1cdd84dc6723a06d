"""``AnthropicLLMAdapter``: one prompt to the Messages API, one completion back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.binding import Binding
from connectors.errors import UnavailableError
from connectors.kernel.options import read_options
from connectors.llm.anthropic.config import AnthropicSettings
from connectors.llm.anthropic.sdk import SERVER, open_client, sdk_errors
from connectors.llm.model_llm import Completion, Ending, ModelLLM
from connectors.llm.model_probe import probe_model
from connectors.llm.port import TokenUsage
from connectors.llm.prompt import ANSWER_SCHEMA, Prompt
from connectors.probe import ProbeResult

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from anthropic.types import Message, Usage
    from httpx2 import AsyncClient

CATEGORIES = frozenset({"llm"})
CONFIG = AnthropicSettings

API_VERSION = "2023-06-01"
"""Of the one request that is made without the SDK: looking up a model has been the same in every version since."""

_ENDINGS = {
    "end_turn": Ending.COMPLETE,
    "stop_sequence": Ending.COMPLETE,
    "max_tokens": Ending.TRUNCATED,
    "model_context_window_exceeded": Ending.TRUNCATED,
    "refusal": Ending.REFUSAL,
}
"""Everything else (``tool_use``, ``pause_turn``, what may come) is no answer to what we ask."""


class AnthropicLLMAdapter(ModelLLM):
    """Asks without tools, without thinking and with a closed schema for the output.

    Thinking counts against ``max_tokens`` and adds seconds; copying sentences needs none.
    """

    def __init__(self, settings: AnthropicSettings, http: Callable[[], AsyncClient], *, knowledge: str = "") -> None:
        super().__init__(settings, knowledge=knowledge)
        self._own = settings
        self._http = http
        self._client: AsyncAnthropic | None = None

    async def complete(self, prompt: Prompt) -> Completion:
        settings = self._own
        if self._client is None:
            self._client = await open_client(api_key=settings.api_key, base_url=settings.base_url, http=self._http())
        with sdk_errors():
            message = await self._client.messages.create(
                model=settings.model,
                max_tokens=settings.max_output_tokens,
                system=[
                    {"type": "text", "text": prompt.instructions},
                    {
                        "type": "text",
                        "text": prompt.knowledge,
                        "cache_control": {"type": "ephemeral", "ttl": settings.cache_ttl.value},
                    },
                ],
                messages=[{"role": "user", "content": prompt.question}],
                thinking={"type": "disabled"},
                output_config={"format": {"type": "json_schema", "schema": dict(ANSWER_SCHEMA)}},
            )
        return _completion(message)

    async def probe(self) -> ProbeResult:
        """Look the model up, without the SDK: the control plane, which asks this, has none."""
        settings = self._own
        headers = {"x-api-key": settings.api_key, "anthropic-version": API_VERSION}
        return await probe_model(
            self._http(), f"{settings.base_url}/v1/models/{settings.model}", headers=headers, server=SERVER
        )


def _completion(message: Message) -> Completion:
    """Text blocks by type, wherever they stand: others (thinking, what may come) may precede them.

    The package does not check answers against its types, so nothing about them is taken for granted.
    """
    try:
        text = "".join(block.text for block in message.content if block.type == "text")
        ending = _ENDINGS.get(str(message.stop_reason), Ending.UNKNOWN)
        return Completion(text, ending, _usage(message.usage))
    except (AttributeError, TypeError) as error:
        raise UnavailableError(f"{SERVER}: the answer is not a message") from error


def _usage(usage: Usage) -> TokenUsage:
    return TokenUsage(
        fresh_input=usage.input_tokens or 0,
        cache_write=usage.cache_creation_input_tokens or 0,
        cache_read=usage.cache_read_input_tokens or 0,
        output=usage.output_tokens or 0,
    )


def build(binding: Binding) -> AnthropicLLMAdapter:
    """From a block of configuration. Neither loads the package nor opens a connection."""
    settings = read_options(AnthropicSettings, binding.options, binding.path)
    return AnthropicLLMAdapter(settings, binding.guarded_http, knowledge=binding.knowledge)
