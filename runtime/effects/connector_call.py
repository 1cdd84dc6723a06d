"""``CallConnector`` performed: through the registry's pipeline, and back as an event."""

from __future__ import annotations

import logging

from connectors.errors import ConnectorError
from connectors.port import ConnectorCall
from flow_engine.effects import CallConnector
from flow_engine.events import ConnectorFailed, ConnectorReplied
from flow_engine.vocabulary import FailureKind
from runtime.active_config import ActiveConfig
from runtime.ports.clock import Clock

log = logging.getLogger(__name__)


async def perform_connector_call(
    call: CallConnector, config: ActiveConfig, *, contact_id: str, clock: Clock
) -> ConnectorReplied | ConnectorFailed:
    """Call once; the effect's id is the idempotency key, so doing it again after a crash is safe."""
    request = ConnectorCall(
        operation=call.operation,
        params=call.params,
        idempotency_key=call.id,
        contact_id=contact_id,
        at=clock.now(),
        timezone=config.timezone,
        language=config.language,
    )
    try:
        result = await config.registry.invoke(call.connector, request)
    except ConnectorError as error:
        return ConnectorFailed(clock.now(), call.id, FailureKind(error.kind.value), str(error))
    return ConnectorReplied(clock.now(), call.id, result)
