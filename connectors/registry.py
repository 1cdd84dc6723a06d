"""``ConnectorRegistry``: from the tenant's configuration to connectors behind their pipelines.

Each provider is imported when a tenant binds it and not before, so that a runtime pays for no SDK it does
not use (``providers.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from connectors.binding import Binding
from connectors.clock import Clock, SystemClock
from connectors.errors import ConnectorConfigError, RejectedError
from connectors.kernel.egress.policy import PUBLIC_ONLY, EgressPolicy
from connectors.kernel.pipeline import CallObserver, Pipeline, log_call
from connectors.kernel.policy import LLM_POLICY, CallPolicy
from connectors.kernel.policy_overrides import read_policy
from connectors.kernel.probing import choices_of, probe_connector
from connectors.kernel.redaction import Redactor, secrets_in
from connectors.llm.guarded import GuardedLLM
from connectors.llm.port import LLMConnector
from connectors.plain_json import JSON, ReadOnlyJSON
from connectors.port import ConnectorCall, ConnectorPort
from connectors.probe import Choice, ProbeResult, faulty
from connectors.providers import PROVIDERS, Provider, UnknownProviderError, load_provider
from connectors.staff_line import StaffLine
from connectors.state import ConnectorState
from connectors.words import Words

if TYPE_CHECKING:
    from httpx2 import AsyncClient

DEFAULT_POLICIES: Mapping[str, CallPolicy] = {"llm": LLM_POLICY}
"""Category → the numbers of its pipeline, where they differ from ``CallPolicy()``."""


class _SharedHttpClient:
    """One HTTP client of all bound connectors, made when the first of them asks."""

    def __init__(self, build: Callable[[], AsyncClient]) -> None:
        self._build = build
        self._client: AsyncClient | None = None

    def __call__(self) -> AsyncClient:
        if self._client is None:
            self._client = self._build()
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _plain_client() -> AsyncClient:
    from connectors.kernel.http_client import build_http_client  # noqa: PLC0415 - 18 MB, only when used

    return build_http_client()


def _guarded_client(egress: EgressPolicy) -> AsyncClient:
    from connectors.kernel.egress.client import build_guarded_client  # noqa: PLC0415 - 18 MB, only when used

    return build_guarded_client(egress)


class ConnectorRegistry:
    """Category → connector, each behind its own pipeline. Build it with ``from_config``."""

    def __init__(
        self,
        connectors: Mapping[str, ConnectorPort],
        pipelines: Mapping[str, Pipeline],
        clients: Sequence[_SharedHttpClient],
    ) -> None:
        self._connectors = dict(connectors)
        self._pipelines = dict(pipelines)
        self._clients = tuple(clients)

    @classmethod
    def from_config(
        cls,
        connectors: Mapping[str, ReadOnlyJSON],
        *,
        clock: Clock | None = None,
        knowledge: str = "",
        business: ReadOnlyJSON | None = None,
        state: ConnectorState | None = None,
        egress: EgressPolicy = PUBLIC_ONLY,
        staff_line: StaffLine | None = None,
        observers: Sequence[CallObserver] = (log_call,),
    ) -> ConnectorRegistry:
        """Build everything the tenant's ``connectors`` block binds.

        ``connectors`` maps a category to a block with at least ``type``; ``policy`` in a block
        overrides numbers of ``kernel.policy``; all other keys are the provider's.
        ``knowledge`` is the tenant's document for answer engines (markdown).
        ``business`` is what the bundle says about the business. ``state`` is where connectors keep what they know;
        without it that ends with the registry.
        ``egress`` is where addresses that the tenant wrote may lead. ``staff_line`` reaches the people of the business
        over the runtime's channels.

        Raises ``ConnectorConfigError`` with every fault of every block.
        """
        clock, plain = clock or SystemClock(), _SharedHttpClient(_plain_client)
        guarded, state = _SharedHttpClient(lambda: _guarded_client(egress)), state or ConnectorState()
        shared = (knowledge, clock, plain, guarded, business or {}, state, egress, staff_line)
        ports: dict[str, ConnectorPort] = {}
        pipelines: dict[str, Pipeline] = {}
        problems: list[str] = []
        for category, block in connectors.items():
            path = f"connectors.{category}"
            try:
                type_name, policy, options = _read_block(category, block, path)
                binding = Binding(category, type_name, path, options, *shared)
                ports[category] = _provider(category, type_name, path).build(binding)
            except ConnectorConfigError as error:
                problems += error.problems
                continue
            redact = Redactor(secrets_in(options))
            pipelines[category] = Pipeline(category, policy, clock, redact=redact, observers=observers)
        if problems:
            raise ConnectorConfigError(problems)
        return cls(ports, pipelines, (plain, guarded))

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
        key = call.idempotency_key if operation.repeatable else ""
        return await self._pipelines[category].run(
            operation.name, operation.access, key, lambda: connector.invoke(call)
        )

    async def probe(self, category: str) -> ProbeResult:
        """Whether the connector of ``category`` would work as it is set up. Reads only; ends within seconds.

        Never raises a ``ConnectorError``. It goes past the breaker: who asks wants to know about now, and the
        answer must not lock customers out.
        """
        connector = self.connector(category)
        return await probe_connector(connector, redact=self._pipelines[category].redact)

    async def choices(self, category: str) -> tuple[Choice, ...] | ProbeResult:
        """What the connector of ``category`` could be set up with, for people to pick from. As ``probe``."""
        return await choices_of(self.connector(category), redact=self._pipelines[category].redact)

    async def close(self) -> None:
        """Close every connector and the shared HTTP clients. Safe to call twice."""
        for connector in self._connectors.values():
            await connector.close()
        for client in self._clients:
            await client.close()


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


def _provider(category: str, type_name: str, path: str) -> Provider:
    try:
        provider = load_provider(type_name)
    except UnknownProviderError as error:
        raise ConnectorConfigError([f"{path}.type: {error}"]) from error
    if provider.CATEGORIES is not None and category not in provider.CATEGORIES:
        serves = ", ".join(sorted(provider.CATEGORIES))
        raise ConnectorConfigError([f"{path}.type: '{type_name}' serves {serves}, not '{category}'"])
    return provider


async def probe_block(category: str, block: ReadOnlyJSON, *, egress: EgressPolicy = PUBLIC_ONLY) -> ProbeResult:
    """Whether a block that is not yet in use would work: for forms, before anything is published.

    ``block`` is what would stand under ``connectors.<category>``, secrets included. Never raises a
    ``ConnectorError`` or a ``ConnectorConfigError``; ends within ``kernel.probing.PROBE_S`` and a moment.
    """
    try:
        registry = ConnectorRegistry.from_config({category: block}, egress=egress)
    except ConnectorConfigError as error:
        return _not_complete(category, error)
    try:
        return await registry.probe(category)
    finally:
        await registry.close()


async def choices_of_block(
    category: str, block: ReadOnlyJSON, *, egress: EgressPolicy = PUBLIC_ONLY
) -> tuple[Choice, ...] | ProbeResult:
    """What a block that is not yet in use could name, or why that cannot be told. As ``probe_block``."""
    try:
        registry = ConnectorRegistry.from_config({category: block}, egress=egress)
    except ConnectorConfigError as error:
        return _not_complete(category, error)
    try:
        return await registry.choices(category)
    finally:
        await registry.close()


def _not_complete(category: str, error: ConnectorConfigError) -> ProbeResult:
    option = error.problems[0].partition(":")[0].removeprefix(f"connectors.{category}").removeprefix(".")
    return faulty(
        Words("The settings are not complete or not right.", "La configuración está incompleta o es incorrecta."),
        Words("Mend them: " + "; ".join(error.problems), "Corrígela: " + "; ".join(error.problems)),
        option=option,
        detail=str(error),
    )
