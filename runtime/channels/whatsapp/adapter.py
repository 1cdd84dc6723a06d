"""``WhatsAppAdapter``: one WhatsApp number as a channel."""

from __future__ import annotations

from typing import Final

from connectors.whatsapp import ErrorAction, GraphClient, GraphError, limits
from runtime.channels.whatsapp.config import WhatsAppChannelConfig
from runtime.channels.whatsapp.inbound import PROFILE
from runtime.channels.whatsapp.outbound import build_message
from runtime.errors import SendAction, SendError
from runtime.limits import SendPace
from runtime.ports.channel_adapter import ChannelAdapter, OutboundMessage, SendReceipt

PAIR_BASE_S: Final = 4.0  # Meta: after a pair limit wait 4^X seconds, X = 0, 1, 2, …
PAIR_MAX_EXPONENT: Final = 5  # 17 minutes; the allowance of a pair is full again long before

SEND_ACTIONS: Final = {
    ErrorAction.RETRY_NOW: SendAction.RETRY,
    ErrorAction.RETRY_LATER: SendAction.RETRY,
    ErrorAction.RETRY_PAIR: SendAction.RETRY,
    ErrorAction.AMBIGUOUS: SendAction.AMBIGUOUS,
    ErrorAction.PARK: SendAction.PARK,
    ErrorAction.STOP_CHANNEL: SendAction.STOP_CHANNEL,
}
if missing := set(ErrorAction) - set(SEND_ACTIONS):
    raise AssertionError(f"no send action for {sorted(missing)}")


class WhatsAppAdapter(ChannelAdapter):
    """Sends through ``graph``. What Meta delivers comes in by the routes that all numbers share (``router``)."""

    profile = PROFILE
    pace = SendPace(limits.MESSAGES_PER_S, limits.PAIR_INTERVAL_S, limits.PAIR_BURST)

    def __init__(self, config: WhatsAppChannelConfig, *, graph: GraphClient) -> None:
        """``graph`` is taken over: ``close`` closes it."""
        self.channel_id = config.channel_id
        self._graph = graph

    async def send(self, message: OutboundMessage) -> SendReceipt:
        body = build_message(message.output, contact_id=message.contact_id, our_id=message.id)
        try:
            return SendReceipt(await self._graph.send(body))
        except GraphError as failure:
            wait_s = failure.retry_after_s
            if failure.action is ErrorAction.RETRY_PAIR and wait_s is None:
                wait_s = PAIR_BASE_S ** min(message.attempt - 1, PAIR_MAX_EXPONENT)
            throttled = failure.action is ErrorAction.RETRY_LATER
            raise SendError(
                SEND_ACTIONS[failure.action], str(failure), retry_after_s=wait_s, account_wide=throttled
            ) from failure

    async def close(self) -> None:
        await self._graph.close()
