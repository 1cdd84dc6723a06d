"""Delivery reports, signed and posted to our webhook as Meta would."""

from __future__ import annotations

from dataclasses import dataclass

import httpx2

from tests.fakes import webhook_bodies
from tests.fakes.graph.ledger import Sent
from tests.fakes.webhook_sender import WebhookSender


@dataclass(frozen=True, slots=True)
class StatusWebhooks:
    """Where reports go and how they are signed. One POST per state, in this order."""

    url: str
    app_secret: str
    states: tuple[str, ...] = ("sent", "delivered")

    async def report(self, sent: Sent) -> None:
        """Nobody listening is no error here: Meta would try again later."""
        sender = WebhookSender(self.url, self.app_secret)
        more = {}
        if "biz_opaque_callback_data" in sent.body:
            more["biz_opaque_callback_data"] = sent.body["biz_opaque_callback_data"]
        for state in self.states:
            report = webhook_bodies.status(sent.phone_number_id, sent.wamid, state, sent.to, **more)
            try:
                await sender.post_values(report)
            except httpx2.TransportError:
                return
