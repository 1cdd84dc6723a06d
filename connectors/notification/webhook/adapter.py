"""``WebhookNotificationAdapter``: a signed POST; the same notification has the same id, however often it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from connectors.binding import Binding
from connectors.clock import Clock
from connectors.errors import RejectedError
from connectors.kernel.options import read_options
from connectors.notification.port import Notification, NotificationConnector
from connectors.notification.webhook.config import WebhookConfig
from connectors.notification.webhook.signature import signature
from connectors.probe import ProbeResult, faulty, works
from connectors.words import Words

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response

CATEGORIES = frozenset({"notification"})
CONFIG = WebhookConfig

SERVER = "webhook"
EVENT = "staff.notification"
PROBE_EVENT = "staff.probe"


class WebhookNotificationAdapter(NotificationConnector):
    """Receivers drop an id they have seen, so every attempt may be repeated."""

    def __init__(self, config: WebhookConfig, clock: Clock, http: Callable[[], AsyncClient]) -> None:
        self._config = config
        self._clock = clock
        self._http = http

    async def notify(self, notification: Notification) -> None:
        from connectors.kernel.http_errors import raise_for_status  # noqa: PLC0415 - loads the HTTP stack

        data = {"subject": notification.subject, "text": notification.text, "recipient": notification.recipient}
        response = await self._post(EVENT, data, notification.idempotency_key or json.dumps(data))
        if response.status_code == HTTPStatus.GONE:
            raise RejectedError(f"{SERVER}: answered 410, the receiver wants no more of these")
        raise_for_status(response, SERVER)

    async def probe(self) -> ProbeResult:
        """Send an event of its own kind that says it is one; receivers ignore kinds they do not know."""
        response = await self._post(PROBE_EVENT, {}, f"probe {self._clock.now().isoformat()}")
        if response.is_success:
            return works(Words("The receiver accepted a signed test.", "El receptor aceptó una prueba firmada."))
        return faulty(
            Words("The receiver did not accept a signed test.", "El receptor no aceptó una prueba firmada."),
            Words(
                "Check the address, and the secret on both sides.", "Revisa la dirección y el secreto en ambos lados."
            ),
            option="secret" if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) else "url",
            detail=f"{SERVER}: answered {response.status_code}",
        )

    async def _post(self, event: str, data: dict[str, str], known_by: str) -> Response:
        from connectors.kernel.egress.client import checked_url  # noqa: PLC0415 - loads the HTTP stack
        from connectors.kernel.http_errors import transport_errors  # noqa: PLC0415 - the same

        now = self._clock.now()
        body = json.dumps({"type": event, "timestamp": now.isoformat(), "data": data}, ensure_ascii=False).encode()
        message_id = "msg_" + hashlib.sha256(known_by.encode("utf-8", "replace")).hexdigest()[:32]
        timestamp = int(now.timestamp())
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self._config.secret, message_id=message_id, timestamp=timestamp, body=body),
        }
        with transport_errors(SERVER):
            return await self._http().post(checked_url(self._config.url), content=body, headers=headers)


def build(binding: Binding) -> WebhookNotificationAdapter:
    """From a block of configuration. Opens no connection."""
    config = read_options(WebhookConfig, binding.options, binding.path)
    return WebhookNotificationAdapter(config, binding.clock, binding.guarded_http)
