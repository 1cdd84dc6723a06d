"""A real SMTP server (aiosmtpd) on 127.0.0.1, with certificates of its own and faults on command."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP as SMTP_POLICY
from types import TracebackType
from typing import Any, Self

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER = "desk@shop.example"
PASSWORD = "mail-canary-0123456789"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it was taken."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def parsed(self) -> Message:
        return message_from_bytes(self.raw, policy=SMTP_POLICY)


class _Tracked(SMTP):
    """Remembers its transport: after a handshake that failed aiosmtpd leaves it open."""

    def __init__(self, transports: list[asyncio.BaseTransport], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._transports = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transports.append(transport)
        super().connection_made(transport)


@dataclass
class MailServer:
    """``answers`` are given instead of taking a message, in order; ``hang_in_data`` never answers the text."""

    implicit_tls: bool = False
    offers_starttls: bool = True
    hostname: str = "localhost"
    mails: list[Mail] = field(default_factory=list)
    data_answers: list[str] = field(default_factory=list)
    rcpt_answers: list[str] = field(default_factory=list)
    drop_in_data: bool = False
    hang_in_data: bool = False
    sessions: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        authority = trustme.CA()
        certificate = authority.issue_cert(self.hostname)
        self.server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self.server_tls)
        self.client_tls = ssl.create_default_context()
        authority.configure_trust(self.client_tls)
        self._server: asyncio.Server | None = None
        self._transports: list[asyncio.BaseTransport] = []

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        if self.hang_in_data:
            await asyncio.sleep(60)
        if self.drop_in_data:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "250 never read"
        if self.data_answers:
            return self.data_answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.mails.append(Mail(str(envelope.mail_from), tuple(map(str, envelope.rcpt_tos)), envelope.content))
        return "250 OK"

    def _login(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        known = isinstance(given, LoginPassword) and (given.login, given.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=known, handled=False)

    def _protocol(self) -> SMTP:
        self.sessions += 1
        return _Tracked(
            self._transports,
            self,
            hostname="mail.example",
            tls_context=self.server_tls if self.offers_starttls and not self.implicit_tls else None,
            require_starttls=self.offers_starttls and not self.implicit_tls,
            auth_require_tls=False,
            authenticator=self._login,
            loop=asyncio.get_running_loop(),
        )

    async def __aenter__(self) -> Self:
        tls = self.server_tls if self.implicit_tls else None
        self._server = await asyncio.get_running_loop().create_server(self._protocol, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for transport in self._transports:
            transport.close()
        await asyncio.sleep(0)  # closing takes a turn of the loop
