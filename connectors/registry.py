"""``ConnectorRegistry``: from the tenant's configuration to connectors behind their pipelines.

The only importer of providers. Each is imported when a tenant binds it and not before, so that a
runtime pays for no SDK it does not use.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, cast

from connectors.binding import Binding
from connectors.clock import Clock, SystemClock
from connectors.errors import ConnectorConfigError, RejectedError
from connectors.kernel.pipeline import CallObserver, Pipeline, log_call
from connectors.kernel.policy import LLM_POLICY, CallPolicy, read_policy
from connectors.kernel.redaction import Redactor, secrets_in
from connectors.llm.guarded import GuardedLLM
from connectors.llm.port import LLMConnector
from connectors.plain_json import JSON, ReadOnlyJSON
from connectors.port import ConnectorCall, ConnectorPort
from connectors.state import ConnectorState

if TYPE_CHECKING:
    from httpx2 import AsyncClient

PROVIDERS: Mapping[str, str] = {
    "mock": "connectors.mock",
    "mock_calendar": "connectors.calendar.mock_calendar.adapter",
    "anthropic": "connectors.llm.anthropic.adapter",
    "openai_compatible": "connectors.llm.openai_compatible.adapter",
    "mock_llm": "connectors.llm.mock_llm.adapter",
    "mock_notification": "connectors.notification.mock_notification.adapter",
}
"""Type → module with ``CATEGORIES`` and ``build``. Literal on purpose: what can run is read here."""

ANNOUNCED: Mapping[str, str] = {"google_calendar": "mock_calendar"}
"""Types that configurations already name and this version does not offer → what to use meanwhile."""

DEFAULT_POLICIES: Mapping[str, CallPolicy] = {"llm": LLM_POLICY}
"""Category → the numbers of its pipeline, where they differ from ``CallPolicy()``."""


class _Provider(Protocol):
    """What a module in ``PROVIDERS`` offers."""

    CATEGORIES: frozenset[str] | None
    """The categories it can serve; ``None`` means any."""

    def build(self, binding: Binding) -> ConnectorPort:
        """The connector. Raises ``ConnectorConfigError``. Opens no connection."""
        ...


class _SharedHttpClient:
    """The one HTTP client of all bound connectors: the one given, or made when the first of them asks."""

    def __init__(self, given: AsyncClient | None) -> None:
        self._client = given
        self._ours = given is None

    def __call__(self) -> AsyncClient:
        if self._client is None:
            from connectors.kernel.http_client import build_http_client  # noqa: PLC0415 - 18 MB, only when used

            self._client = build_http_client()
        return self._client

    async def close(self) -> None:
        if self._client is not None and self._ours:
            await self._client.aclose()
            self._client = None


class ConnectorRegistry:
    """Category → connector, each behind its own pipeline. Build it with ``from_config``."""

    def __init__(
        self, connectors: Mapping[str, ConnectorPort], pipelines: Mapping[str, Pipeline], http: _SharedHttpClient
    ) -> None:
        self._connectors = dict(connectors)
        self._pipelines = dict(pipelines)
        self._http = http

    @classmethod
    def from_config(
        cls,
        connectors: Mapping[str, ReadOnlyJSON],
        *,
        clock: Clock | None = None,
        knowledge: str = "",
        business: ReadOnlyJSON | None = None,
        state: ConnectorState | None = None,
        http: AsyncClient | None = None,
        observers: Sequence[CallObserver] = (log_call,),
    ) -> ConnectorRegistry:
        """Build everything the tenant's ``connectors`` block binds.

        ``connectors`` maps a category to a block with at least ``type``; ``policy`` in a block
        overrides numbers of ``kernel.policy``; all other keys are the provider's.
        ``knowledge`` is the tenant's document for answer engines (markdown).
        ``business`` is what the bundle says about the business. ``state`` is where connectors keep what they know;
        without it that ends with the registry.
        ``http`` is the process's client (``kernel.http_client``), which the caller closes; without it
        the registry makes its own when a connector first needs one.

        Raises ``ConnectorConfigError`` with every fault of every block.
        """
        clock = clock or SystemClock()
        shared, state = _SharedHttpClient(http), state or ConnectorState()
        ports: dict[str, ConnectorPort] = {}
        pipelines: dict[str, Pipeline] = {}
        problems: list[str] = []
        for category, block in connectors.items():
            path = f"connectors.{category}"
            try:
                type_name, policy, options = _read_block(category, block, path)
                binding = Binding(category, type_name, path, options, knowledge, clock, shared, business or {}, state)
                ports[category] = _provider(category, type_name, path).build(binding)
            except ConnectorConfigError as error:
                problems += error.problems
                continue
            redact = Redactor(secrets_in(options))
            pipelines[category] = Pipeline(category, policy, clock, redact=redact, observers=observers)
        if problems:
            raise ConnectorConfigError(problems)
        return cls(ports, pipelines, shared)

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(self._connectors)

    @property
    def llm(self) -> LLMConnector | None:
        """The answer engine behind its pipeline; ``None`` when the tenant binds none."""
        port = self._connectors.get("llm")
        return GuardedLLM(port, self._pipelines["llm"]) if isinstance(port, LLMConnector) else None

    def connector(self, category: str) -> ConnectorPort:
        """The bare connector of ``category``, without its pipeline.

        Raises ``RejectedError`` naming what is bound instead.
        """
        try:
            return self._connectors[category]
        except KeyError:
            bound = ", ".join(self._connectors) or "none"
            raise RejectedError(f"no connector is bound to '{category}' (bound: {bound})") from None

    def pipeline(self, category: str) -> Pipeline:
        """The pipeline of ``category``: its breaker is what an operator opens or disables."""
        self.connector(category)
        return self._pipelines[category]

    async def invoke(self, category: str, call: ConnectorCall) -> JSON:
        """Perform ``call`` on the connector of ``category`` and return plain JSON.

        Raises ``ConnectorError``; retries are already behind it then.
        """
        connector = self.connector(category)
        operation = connector.operation(call.operation)
        return await self._pipelines[category].run(
            operation.name, operation.access, call.idempotency_key, lambda: connector.invoke(call)
        )

    async def close(self) -> None:
        """Close every connector and the shared HTTP client. Safe to call twice."""
        for connector in self._connectors.values():
            await connector.close()
        await self._http.close()


def _read_block(category: str, block: ReadOnlyJSON, path: str) -> tuple[str, CallPolicy, dict[str, JSON]]:
    if not isinstance(block, Mapping):
        raise ConnectorConfigError([f"{path}: must be a mapping with 'type'"])
    options = dict(block)
    type_name = options.pop("type", None)
    if not isinstance(type_name, str):
        raise ConnectorConfigError([f"{path}.type: is missing; one of {', '.join(PROVIDERS)}"])
    overrides = options.pop("policy", None) or {}
    if not isinstance(overrides, dict):
        raise ConnectorConfigError([f"{path}.policy: must be a mapping"])
    policy = read_policy(overrides, f"{path}.policy", DEFAULT_POLICIES.get(category, CallPolicy()))
    return type_name, policy, options


def _provider(category: str, type_name: str, path: str) -> _Provider:
    if type_name in ANNOUNCED:
        problem = f"'{type_name}' is not part of this version; use '{ANNOUNCED[type_name]}' until it is"
        raise ConnectorConfigError([f"{path}.type: {problem}"])
    if type_name not in PROVIDERS:
        raise ConnectorConfigError([f"{path}.type: there is no '{type_name}'; one of {', '.join(PROVIDERS)}"])
    provider = cast("_Provider", importlib.import_module(PROVIDERS[type_name]))
    if provider.CATEGORIES is not None and category not in provider.CATEGORIES:
        serves = ", ".join(sorted(provider.CATEGORIES))
        raise ConnectorConfigError([f"{path}.type: '{type_name}' serves {serves}, not '{category}'"])
    return provider
