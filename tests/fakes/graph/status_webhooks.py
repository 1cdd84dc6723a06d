"""Delivery reports, signed and posted to our webhook in Meta's manners."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

import httpx2

from tests.fakes import webhook_bodies
from tests.fakes.graph.ledger import Sent
from tests.fakes.webhook_sender import WebhookSender

type Manner = Literal["one_by_one", "reversed", "doubled", "batched", "held"]


@dataclass(slots=True)
class StatusWebhooks:
    """Where reports go and how they are signed.

    ``one_by_one`` posts each state by itself, in order; ``reversed`` the last one first; ``doubled`` each twice at the
    same time; ``batched`` all of them in one body; ``held`` nothing until ``release``, then everything in one body,
    newest first. ``failures`` gives the code with which messages to a customer fail.
    """

    url: str
    app_secret: str
    states: tuple[str, ...] = ("sent", "delivered")
    manner: Manner = "one_by_one"
    failures: dict[str, int] = field(default_factory=dict)
    _held: list[webhook_bodies.Object] = field(default_factory=list)

    async def report(self, sent: Sent) -> None:
        """Nobody listening is no error here: Meta would try again later."""
        reports = self._reports_of(sent)
        match self.manner:
            case "one_by_one":
                for report in reports:
                    await self._post(report)
            case "reversed":
                for report in reversed(reports):
                    await self._post(report)
            case "doubled":
                for report in reports:
                    await asyncio.gather(self._post(report), self._post(report))
            case "batched":
                await self._post(*reports)
            case "held":
                self._held += reports

    async def release(self) -> None:
        """Let go of what was held."""
        held, self._held = self._held[::-1], []
        await self._post(*held)

    def _reports_of(self, sent: Sent) -> list[webhook_bodies.Object]:
        more = {}
        if "biz_opaque_callback_data" in sent.body:
            more["biz_opaque_callback_data"] = sent.body["biz_opaque_callback_data"]
        code = self.failures.get(sent.to)
        if code is not None:
            errors = [{"code": code, "title": "scripted"}]
            return [webhook_bodies.status(sent.phone_number_id, sent.wamid, "failed", sent.to, errors=errors, **more)]
        return [
            webhook_bodies.status(sent.phone_number_id, sent.wamid, state, sent.to, **more) for state in self.states
        ]

    async def _post(self, *reports: webhook_bodies.Object) -> None:
        try:
            await WebhookSender(self.url, self.app_secret).post_values(*reports)
        except httpx2.TransportError:
            return
