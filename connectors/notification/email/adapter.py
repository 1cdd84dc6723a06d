"""``EmailNotificationAdapter``: one session a message; few are sent, and a kept one would only go stale."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.binding import Binding
from connectors.clock import Clock
from connectors.errors import RejectedError, UnauthorizedError
from connectors.notification.email.config import EmailConfig, read_config
from connectors.notification.email.message import build_message
from connectors.notification.port import Notification, NotificationConnector
from connectors.probe import ProbeResult, faulty, works
from connectors.words import Words

if TYPE_CHECKING:
    from connectors.kernel.egress.policy import EgressPolicy

CATEGORIES = frozenset({"notification"})
CONFIG = EmailConfig


class EmailNotificationAdapter(NotificationConnector):
    """``tls`` gives the certificates that are believed; usually those of the process."""

    def __init__(
        self, config: EmailConfig, clock: Clock, egress: EgressPolicy, tls: Callable[[], ssl.SSLContext]
    ) -> None:
        self._config = config
        self._clock = clock
        self._egress = egress
        self._tls = tls

    async def notify(self, notification: Notification) -> None:
        from connectors.notification.email.session import deliver, open_session  # noqa: PLC0415 - loads aiosmtplib

        recipients = self._recipients(notification.recipient)
        sender = self._config.sender
        message = build_message(notification, sender=sender, recipients=recipients, at=self._clock.now())
        async with open_session(self._config, self._egress, self._tls) as client:
            await deliver(client, message, sender=sender, recipients=recipients)

    async def probe(self) -> ProbeResult:
        """Go as far as logging in; nothing is sent."""
        from connectors.notification.email.session import open_session  # noqa: PLC0415 - loads aiosmtplib

        try:
            async with open_session(self._config, self._egress, self._tls):
                pass
        except UnauthorizedError as error:
            return faulty(
                Words("The mail server refused user and password.", "El servidor rechazó usuario y contraseña."),
                Words(
                    "Check both; some providers want a password made for apps.",
                    "Revísalos; algunos proveedores piden una contraseña de aplicación.",
                ),
                option="password",
                detail=str(error),
            )
        except RejectedError as error:
            return faulty(
                Words("The mail server cannot be used like this.", "El servidor de correo no se puede usar así."),
                Words("Check name, port and encryption.", "Revisa nombre, puerto y cifrado."),
                option="security",
                detail=str(error),
            )
        return works(
            Words("The mail server lets us in. Nothing was sent.", "El servidor nos deja entrar. Nada enviado.")
        )

    def _recipients(self, asked: str) -> tuple[str, ...]:
        """Those of the configuration; a flow may choose one of them, so that no customer's words become an address."""
        if not asked:
            return self._config.to
        for known in self._config.to:
            if asked.strip().casefold() == known.casefold():
                return (known,)
        raise RejectedError("notify: 'recipient' is not one of the configured addresses")


def build(binding: Binding) -> EmailNotificationAdapter:
    """From a block of configuration. Opens no connection."""
    return EmailNotificationAdapter(
        read_config(binding.options, binding.path), binding.clock, binding.egress, _process_tls
    )


def _process_tls() -> ssl.SSLContext:
    from connectors.kernel.http_client import ssl_context  # noqa: PLC0415 - loads the HTTP stack for its certificates

    return ssl_context()
