"""``TenantConfig``: everything a runtime knows about its tenant, in clear and in one value.

Two ways lead to it: an opened bundle with its secrets (``from_bundle``), or, in development, one YAML file
(``runtime.tenant_file``). Beyond this value nobody can tell which it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from connectors.kernel.redaction import secrets_in
from flow_engine.bundle.content import Bundle, BundleSettings, Knowledge, LLMSettings
from flow_engine.bundle.retention import Retention
from flow_engine.bundle.rollout import InFlight
from flow_engine.program import ProgramSettings
from flow_engine.vocabulary import JSON, JSONObject
from runtime.secrets import with_secrets

NO_SERIAL: Final = 0
"""The serial of a configuration that is no release."""

LLM_CATEGORY: Final = "llm"

OUTREACH_BLOCKS: Final = ("templates", "opt_out", "handoff")


@dataclass(frozen=True, slots=True)
class TenantConfig:
    """``channels`` and ``connectors`` hold secrets in clear and are kept out of every ``repr``.

    ``program`` is the normalised program. ``connectors`` has the block ``llm`` exactly when free questions are
    answered. ``serial`` is 0 and ``digest`` empty for a development file. ``secrets`` are values that came encrypted.
    ``limits`` are read by ``runtime.limits``, the blocks in ``outreach`` by ``runtime.outreach``. ``test_contacts`` are
    whom a staged release is for.
    """

    tenant_id: str
    program: JSONObject = field(repr=False)
    channels: tuple[JSONObject, ...] = field(repr=False)
    connectors: Mapping[str, JSONObject] = field(repr=False)
    llm: LLMSettings
    knowledge: Knowledge | None = field(repr=False)
    settings: BundleSettings = field(repr=False)
    serial: int = NO_SERIAL
    digest: str = ""
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    limits: JSON = None
    outreach: JSONObject = field(default_factory=dict)
    people_in_flight: Mapping[str, InFlight] = field(default_factory=dict)
    test_contacts: frozenset[str] = frozenset()
    retention: Retention = field(default_factory=Retention)

    @classmethod
    def from_bundle(cls, bundle: Bundle, secrets: Mapping[str, str]) -> Self:
        """``secrets`` are in clear, by dotted path (``runtime.secrets.open_secrets``).

        Raises:
            SecretError: a secret that has no place.
        """
        channels, connectors = with_secrets(bundle.channels, bundle.connectors, secrets)
        return cls(
            tenant_id=bundle.tenant,
            program=bundle.program,
            channels=channels,
            connectors=bind_llm(connectors, bundle.llm),
            llm=bundle.llm,
            knowledge=bundle.knowledge,
            settings=bundle.settings,
            serial=bundle.serial,
            digest=bundle.digest,
            secrets=frozenset(secrets.values()),
            limits=bundle.more.get("limits"),
            outreach={name: bundle.more[name] for name in OUTREACH_BLOCKS if name in bundle.more},
            people_in_flight=bundle.people_in_flight,
            test_contacts=bundle.staged or frozenset(),
            retention=bundle.retention,
        )

    @property
    def program_settings(self) -> ProgramSettings:
        """What the engine compiles the program with."""
        return ProgramSettings(
            timezone=self.settings.timezone,
            language=self.settings.language,
            llm_enabled=self.llm.enabled,
            sentences=self.settings.sentences,
            business=self.settings.business,
        )

    @property
    def business_name(self) -> str:
        """What the business calls itself; its id, made readable, when it does not say."""
        name = self.settings.business.get("name")
        if isinstance(name, str) and name.strip():
            return name.strip()
        return self.tenant_id.replace("_", " ").replace("-", " ").capitalize()

    def secret_values(self) -> frozenset[str]:
        """Every text that must not reach a log: what came encrypted, and what stands under a key that says so."""
        blocks = (*self.channels, *self.connectors.values())
        return self.secrets | frozenset(text for block in blocks for text in secrets_in(block))


def bind_llm(connectors: Mapping[str, JSONObject], llm: LLMSettings) -> dict[str, JSONObject]:
    """``connectors`` with the block ``llm`` present exactly when it is wanted, so that no provider loads unused."""
    bound = {category: block for category, block in connectors.items() if category != LLM_CATEGORY}
    if llm.enabled and LLM_CATEGORY in connectors:
        bound[LLM_CATEGORY] = connectors[LLM_CATEGORY]
    elif llm.enabled and llm.provider is not None:
        bound[LLM_CATEGORY] = {"type": llm.provider}
    return bound
