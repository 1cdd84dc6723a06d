"""``OpenAICompatibleLLMAdapter``: ``POST {base_url}/chat/completions`` over the process's HTTP client."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from connectors.binding import Binding
from connectors.errors import UnauthorizedError, UnavailableError
from connectors.kernel.options import read_options
from connectors.llm.model_llm import Completion, Ending, ModelLLM
from connectors.llm.model_probe import probe_model
from connectors.llm.model_settings import ModelSettings
from connectors.llm.port import TokenUsage
from connectors.llm.prompt import ANSWER_SCHEMA, Prompt
from connectors.plain_json import JSON
from connectors.probe import ProbeResult

if TYPE_CHECKING:
    from httpx2 import AsyncClient

CATEGORIES = frozenset({"llm"})
CONFIG = ModelSettings
SERVER = "openai_compatible"

_ENDINGS = {"stop": Ending.COMPLETE, "length": Ending.TRUNCATED, "content_filter": Ending.REFUSAL}


class OpenAICompatibleLLMAdapter(ModelLLM):
    """Without a key no ``Authorization`` is sent: a server on the same machine often wants none."""

    def __init__(self, settings: ModelSettings, http: Callable[[], AsyncClient], *, knowledge: str = "") -> None:
        super().__init__(settings, knowledge=knowledge)
        self._http = http

    async def complete(self, prompt: Prompt) -> Completion:
        # Only a runtime that binds this provider loads the HTTP stack.
        from connectors.kernel.http_errors import raise_for_status, read_json, transport_errors  # noqa: PLC0415

        settings = self._settings
        with transport_errors(SERVER):
            response = await self._http().post(
                f"{settings.base_url}/chat/completions", json=_request(settings, prompt), headers=_headers(settings)
            )
        if response.status_code == HTTPStatus.PAYMENT_REQUIRED:
            raise UnauthorizedError(f"{SERVER}: answered 402; check the account's credit")
        raise_for_status(response, SERVER)
        return _completion(read_json(response, SERVER))

    async def probe(self) -> ProbeResult:
        """Look the model up; servers that cannot say list what they have instead."""
        settings = self._settings
        return await probe_model(
            self._http(), f"{settings.base_url}/models/{settings.model}", headers=_headers(settings), server=SERVER
        )


def _headers(settings: ModelSettings) -> dict[str, str]:
    return {"authorization": f"Bearer {settings.api_key}"} if settings.api_key else {}


def _request(settings: ModelSettings, prompt: Prompt) -> dict[str, JSON]:
    return {
        "model": settings.model,
        "max_tokens": settings.max_output_tokens,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": f"{prompt.instructions}\n\n{prompt.knowledge}"},
            {"role": "user", "content": prompt.question},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": dict(ANSWER_SCHEMA)},
        },
    }


def _completion(body: JSON) -> Completion:
    """The first choice. Raises ``UnavailableError`` when the answer is none, whatever its status said."""
    choices = body.get("choices") if isinstance(body, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(body, dict) or not isinstance(choice, dict) or not isinstance(message, dict):
        raise UnavailableError(f"{SERVER}: the answer is not a completion")
    content, ending = message.get("content"), _ENDINGS.get(str(choice.get("finish_reason")), Ending.UNKNOWN)
    if message.get("refusal"):
        ending = Ending.REFUSAL
    return Completion(content if isinstance(content, str) else "", ending, _usage(body.get("usage")))


def _usage(value: JSON) -> TokenUsage:
    usage = value if isinstance(value, dict) else {}
    details = usage.get("prompt_tokens_details")
    cached = _count(details, "cached_tokens")
    return TokenUsage(
        fresh_input=max(0, _count(usage, "prompt_tokens") - cached),
        cache_read=cached,
        output=_count(usage, "completion_tokens"),
    )


def _count(value: JSON, key: str) -> int:
    count = value.get(key) if isinstance(value, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 0


def build(binding: Binding) -> OpenAICompatibleLLMAdapter:
    """From a block of configuration. Opens no connection."""
    settings = read_options(ModelSettings, binding.options, binding.path)
    return OpenAICompatibleLLMAdapter(settings, binding.guarded_http, knowledge=binding.knowledge)
