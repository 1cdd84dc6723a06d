"""One conversation with a mail server, and what its answers mean. The one importer of ``aiosmtplib``."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import TYPE_CHECKING

import aiosmtplib

from connectors.errors import (
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    RejectedError,
    TimedOutError,
    UnauthorizedError,
    UnavailableError,
)
from connectors.kernel.egress.sockets import open_socket
from connectors.notification.email.config import EmailConfig, Security

if TYPE_CHECKING:
    from connectors.kernel.egress.policy import EgressPolicy

SERVER = "mail server"

CONNECT_S = 3.0
"""As for every other server: one that takes longer is down for whoever waits."""

COMMAND_S = 10.0
"""Between two answers. RFC 5321 grants minutes; the pipeline's own limits are below them."""

_TRY_LATER = range(400, 500)
_MAILBOX_BUSY = frozenset({421, 450, 451, 452})


@asynccontextmanager
async def open_session(
    config: EmailConfig, egress: EgressPolicy, tls: Callable[[], ssl.SSLContext]
) -> AsyncIterator[aiosmtplib.SMTP]:
    """A session that is encrypted as configured and logged in. Raises ``ConnectorError``."""
    in_clear = config.security is Security.NONE
    opened = await open_socket(config.host, config.real_port, egress, limit_s=CONNECT_S, opened_only=in_clear)
    client = aiosmtplib.SMTP(
        hostname=config.host,
        sock=opened,
        use_tls=config.security is Security.TLS,
        start_tls=config.security is Security.STARTTLS,
        tls_context=None if in_clear else tls(),
        local_hostname=config.sender.rpartition("@")[2],
        username=config.user or None,
        password=config.password or None,
        timeout=COMMAND_S,
    )
    try:
        try:
            await client.connect()
        except Exception as error:
            # The client has closed the socket with its transport.
            raise translated(error) from error
        yield client
    finally:
        await _leave(client)


async def deliver(client: aiosmtplib.SMTP, message: EmailMessage, *, sender: str, recipients: tuple[str, ...]) -> None:
    """Hand over one message, whole or not at all. Raises ``ConnectorError``.

    From the moment the text itself is under way nobody can tell whether the server keeps it: whatever goes wrong then,
    but for a clear no, is ``OutcomeUnknownError``.
    """
    try:
        await client.mail(sender)
        for recipient in recipients:
            await client.rcpt(recipient)
    except Exception as error:
        raise translated(error) from error
    try:
        await client.data(message.as_bytes(policy=SMTP_POLICY))
    except aiosmtplib.SMTPDataError as error:
        raise translated(error) from error
    except (Exception, asyncio.CancelledError) as error:
        # Also when our own time is over: a cancelled attempt must not look like one that can be made again.
        raise OutcomeUnknownError(f"{SERVER}: broke off while it took the message ({type(error).__name__})") from error


def translated(error: Exception) -> ConnectorError:
    """What ``error`` means. The server's own words stay out: they can quote addresses and passwords."""
    match error:
        case ConnectorError():
            return error
        case aiosmtplib.SMTPAuthenticationError():
            return UnauthorizedError(f"{SERVER}: refused user and password ({error.code})")
        case aiosmtplib.SMTPResponseException():
            return _by_code(error.code)
        case aiosmtplib.SMTPTimeoutError() | TimeoutError():
            return TimedOutError(f"{SERVER}: no answer in time")
        case ssl.SSLCertVerificationError() | OSError(__cause__=ssl.SSLCertVerificationError()):
            return RejectedError(f"{SERVER}: its certificate is not valid for this name")
        case aiosmtplib.SMTPServerDisconnected() | OSError():
            return UnavailableError(f"{SERVER}: the connection was lost ({type(error).__name__})")
        case aiosmtplib.SMTPException():
            # What is left: no STARTTLS where it is demanded, no way to log in that both know.
            return RejectedError(f"{SERVER}: does not offer what is needed ({type(error).__name__})")
        case _:
            return UnavailableError(f"{SERVER}: no usable answer ({type(error).__name__})")


def _by_code(code: int) -> ConnectorError:
    message = f"{SERVER}: answered {code}"
    if code in _MAILBOX_BUSY:
        return RateLimitedError(message)
    if code in _TRY_LATER or code < 0:
        return UnavailableError(message)
    if code in (530, 534, 535, 538):  # RFC 4954: credentials wanted, or not these
        return UnauthorizedError(message)
    return RejectedError(message)


async def _leave(client: aiosmtplib.SMTP) -> None:
    if not client.is_connected:
        return
    try:
        async with asyncio.timeout(1.0):
            await client.quit()
    except (aiosmtplib.SMTPException, TimeoutError, OSError):
        client.close()
    except asyncio.CancelledError:
        client.close()
        raise
