"""From a ``TenantConfig`` to everything compiled beside what is live, and from there to live in one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.routing import Route

from connectors.clock import Clock as ConnectorClock
from connectors.errors import ConnectorConfigError
from connectors.kernel.egress.policy import PUBLIC_ONLY, EgressPolicy
from connectors.kernel.pipeline import CallObserver, log_call
from connectors.registry import ConnectorRegistry
from connectors.staff_line import StaffLine
from connectors.state import ConnectorState
from flow_engine.bundle.rollout import InFlight
from flow_engine.errors import ProgramError
from flow_engine.program import Program, load_program
from runtime.active_config import ActiveConfig
from runtime.channels.factory import build_channels
from runtime.channels.services import ChannelServices
from runtime.core import Core
from runtime.effects.outbox_staff_line import OutboxStaffLine
from runtime.errors import ConfigurationError, ReleaseError
from runtime.limits import RuntimeLimits
from runtime.outreach import Outreach
from runtime.ports.channel_adapter import ChannelAdapter
from runtime.tenant_config import TenantConfig
from runtime.web.channel_door import ChannelDoor


@dataclass(frozen=True, slots=True)
class PreparedRelease:
    """Compiled and waiting. Exactly one of its methods is called."""

    active: ActiveConfig
    adapters: Mapping[str, ChannelAdapter]
    routes: tuple[Route, ...]
    core: Core
    door: ChannelDoor

    async def activate(self) -> None:
        """New turns, sends and requests use this release from here on; those under way finish on the old one.

        The door opens first: what comes in is stored before anybody works on it, and whoever is ready can take it.
        """
        self.door.open(self.routes)
        await self.core.swap_program(self.active, self.adapters)

    async def activate_knowledge(self) -> None:
        """Answers are taken from this release's document from here on; program and channels stay as they are."""
        await self._close_adapters()
        live = self.core.configs.current
        program = self.active.program if live is None else live.program
        await self.core.swap_program(replace(self.active, program=program))

    async def stage(self) -> None:
        """Turns of its test contacts use this release; the live one's channels carry what they say."""
        await self._close_adapters()
        self.core.configs.stage(self.active)

    async def keep_older(self, replaced_at: datetime) -> None:
        """Conversations inside it may finish on this release."""
        await self._close_adapters()
        self.core.configs.keep_older(self.active, replaced_at=replaced_at)

    async def discard(self) -> None:
        """Close what was built."""
        await self._close_adapters()
        await self.active.registry.close()

    async def _close_adapters(self) -> None:
        for adapter in self.adapters.values():
            await adapter.close()

    @property
    def people_in_flight(self) -> Mapping[str, InFlight]:
        """What is said of states that the program has not."""
        return self.active.people_in_flight


async def prepare_release(
    config: TenantConfig,
    services: ChannelServices,
    *,
    core: Core,
    door: ChannelDoor,
    connector_clock: ConnectorClock | None = None,
    egress: EgressPolicy = PUBLIC_ONLY,
    observers: Sequence[CallObserver] = (),
) -> PreparedRelease:
    """Compile program, connectors and channels. Opens no connection and touches nothing that is live.

    ``egress`` is where addresses that the tenant wrote may lead; ``observers`` are told of every connector call.

    Raises:
        ReleaseError: ``bad_limits``, ``bad_program``, ``bad_connectors`` or ``bad_channels``; whatever was built is
            closed.
    """
    limits, outreach = _limits(config), _outreach(config)
    program = _program(config)
    staff_line = OutboxStaffLine(core.say)
    registry = _registry(config, connector_clock, core.store.connectors, egress, staff_line, observers)
    try:
        channels = build_channels(config.channels, services.knowing(outreach.templates))
    except (ConfigurationError, ValueError) as error:
        await registry.close()
        raise ReleaseError("bad_channels", f"The channels cannot be used: {error}") from error
    staff_line.use(adapter.channel_id for adapter in channels.adapters)
    active = ActiveConfig(
        program=program,
        registry=registry,
        knowledge_markdown=config.knowledge.markdown if config.knowledge else "",
        language=config.settings.language,
        timezone=config.settings.timezone,
        serial=config.serial,
        quota_monthly_tokens=config.llm.quota_monthly_tokens,
        questions_per_contact_per_day=config.llm.questions_per_contact_per_day,
        keyword_answers=config.llm.keyword_answers,
        limits=limits,
        outreach=outreach,
        people_in_flight={
            state: word for state, word in config.people_in_flight.items() if state not in program.states
        },
        test_contacts=config.test_contacts,
        retention=config.retention,
    )
    adapters = {adapter.channel_id: adapter for adapter in channels.adapters}
    return PreparedRelease(active, adapters, channels.routes, core, door)


def _limits(config: TenantConfig) -> RuntimeLimits:
    try:
        return RuntimeLimits.from_json(config.limits)
    except ConfigurationError as error:
        raise ReleaseError("bad_limits", f"The limits cannot be used: {error}") from error


def _outreach(config: TenantConfig) -> Outreach:
    try:
        return Outreach.from_blocks(config.outreach)
    except ConfigurationError as error:
        raise ReleaseError("bad_outreach", f"What the release says about writing to customers: {error}") from error


def _program(config: TenantConfig) -> Program:
    try:
        return load_program(config.program, config.program_settings)
    except ProgramError as error:
        raise ReleaseError("bad_program", f"The flow does not compile: {error}") from error


def _registry(
    config: TenantConfig,
    clock: ConnectorClock | None,
    state: ConnectorState,
    egress: EgressPolicy,
    staff_line: StaffLine,
    observers: Sequence[CallObserver],
) -> ConnectorRegistry:
    knowledge = config.knowledge.markdown if config.knowledge else ""
    try:
        return ConnectorRegistry.from_config(
            config.connectors,
            clock=clock,
            knowledge=knowledge,
            business=config.settings.business,
            state=state,
            egress=egress,
            staff_line=staff_line,
            observers=(log_call, *observers),
        )
    except ConnectorConfigError as error:
        raise ReleaseError("bad_connectors", f"The connectors cannot be used: {error}") from error
