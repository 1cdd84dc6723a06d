"""``StandingAudience``: a standing schedule with ``for_each`` that is due, turned into one task per contact.

The audience is asked for outside any transaction; handing its tasks out and ending the schedule's event is
one transaction. A run that died in between asks again and hands out once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from flow_engine.effects import CallConnector
from flow_engine.events import ConnectorFailed
from flow_engine.interpreter.standing import standing_call, standing_tasks
from flow_engine.vocabulary import JSON
from runtime.active_config import ActiveConfig, ActiveConfigHolder
from runtime.effects.connector_call import perform_connector_call
from runtime.errors import AudienceError
from runtime.ports.audience_store import AudienceStore, ContactTask
from runtime.ports.clock import Clock
from runtime.ports.inbox_store import ClaimedEvent, ContactKey, DueTask
from runtime.standing import STANDING
from runtime.store_retry import until_stored

log = logging.getLogger(__name__)


class StandingAudience:
    """``wake`` is told which contacts have something new in the inbox, after the commit."""

    def __init__(
        self,
        audiences: AudienceStore,
        configs: ActiveConfigHolder,
        clock: Clock,
        wake: Callable[[Iterable[ContactKey]], None],
    ) -> None:
        self._audiences = audiences
        self._configs = configs
        self._clock = clock
        self._wake = wake

    async def handle(self, claimed: ClaimedEvent) -> bool:
        """Whether the event was a schedule's with an audience, and is done now. Anything else is the bot's.

        Raises:
            AudienceError: the connector did not tell whom the schedule is for.
            ClaimLostError: the event is no longer ours.
        """
        run = claimed.event
        if claimed.contact != STANDING or not isinstance(run, DueTask) or claimed.started:
            return False
        with self._configs.use() as config:
            call = standing_call(config.program, run.idempotency_key, run.due_at)
            if call is None:
                return False
            result = await self._asked(call, run, config)
            found = standing_tasks(config.program, run.idempotency_key, result, run.due_at)
        tasks = [
            ContactTask(each.contact_id, DueTask(each.task, each.idempotency_key, run.due_at, each.data))
            for each in found
        ]
        now = self._clock.now()
        handed_out = await until_stored(lambda: self._audiences.hand_out(claimed.claim, run, tasks, at=now))
        self._wake(handed_out.reached)
        if handed_out.unreached:
            log.warning(
                "standing schedule %s: %d contacts are on no channel", run.idempotency_key, len(handed_out.unreached)
            )
        return True

    async def _asked(self, call: CallConnector, run: DueTask, config: ActiveConfig) -> JSON:
        answer = await perform_connector_call(call, config, contact_id=STANDING.contact_id, clock=self._clock)
        asked = f"standing schedule {run.idempotency_key}: {call.connector}.{call.operation}"
        if isinstance(answer, ConnectorFailed):
            raise AudienceError(f"{asked} failed ({answer.kind.value}): {answer.detail}")
        if not isinstance(answer.result, list):
            raise AudienceError(f"{asked} returned no list, so there is nobody to go through")
        return answer.result
