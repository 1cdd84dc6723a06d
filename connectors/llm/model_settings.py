"""What every provider with a model is configured with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from connectors.kernel.config_reader import ConfigReader
from connectors.llm.verification import Mode
from connectors.plain_json import JSON

DEFAULT_OUTPUT_TOKENS = 700
"""Three sentences and their quotes take 150 to 300; cut off, an answer is worth nothing."""

DEFAULT_CONTEXT = 2
"""Earlier messages of the customer: what "and on Saturday?" refers to. Never our own answers, or a model
would quote itself."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MODEL = re.compile(r"[\w][\w.:/@-]{0,99}")
_KEY = re.compile(r"[\x21-\x7e]{1,500}")


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """``api_key`` is never shown. ``context_messages`` is how many earlier texts go along."""

    model: str
    base_url: str
    api_key: str = field(default="", repr=False)
    mode: Mode = Mode.VERIFIED
    max_output_tokens: int = DEFAULT_OUTPUT_TOKENS
    context_messages: int = DEFAULT_CONTEXT


def read_model_settings(reader: ConfigReader, *, model: str, base_url: str, needs_key: bool) -> ModelSettings:
    """Read the keys that all providers share; ``model`` and ``base_url`` are the provider's defaults.

    An empty default must be configured. Faults are left with ``reader``.
    """
    settings = ModelSettings(
        model=reader.take_parsed("model", _model, model),
        base_url=reader.take_parsed("base_url", _base_url, base_url),
        api_key=reader.take_parsed("api_key", _api_key, ""),
        mode=reader.take_parsed("mode", _mode, Mode.VERIFIED),
        max_output_tokens=reader.take_integer("max_output_tokens", DEFAULT_OUTPUT_TOKENS, minimum=200, maximum=4_000),
        context_messages=reader.take_integer("context_messages", DEFAULT_CONTEXT, minimum=0, maximum=6),
    )
    told = {problem.partition(":")[0] for problem in reader.problems}
    for key, value in (("model", settings.model), ("base_url", settings.base_url)):
        if not value and f"{reader.path}.{key}" not in told:
            reader.fault(key, "is missing")
    if needs_key and not settings.api_key and f"{reader.path}.api_key" not in told:
        reader.fault("api_key", f"is missing; store the provider's key as the credential {reader.path}.api_key")
    return settings


def _model(value: JSON) -> str:
    if not isinstance(value, str) or not _MODEL.fullmatch(value):
        raise ValueError("must be the id of a model")
    return value


def _api_key(value: JSON) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value.strip()):
        raise ValueError("must be the provider's key, without spaces")
    return value.strip()


def _mode(value: JSON) -> Mode:
    for mode in Mode:
        if value == mode.value:
            return mode
    raise ValueError(f"must be one of {', '.join(Mode)}")


def _base_url(value: JSON) -> str:
    parts = urlsplit(value) if isinstance(value, str) else None
    problem = "must be an https address without user, password or query (http only for this machine)"
    if parts is None or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(problem)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError(problem)
    return parts.geturl().rstrip("/")
