"""E-mail against a real SMTP server: encryption, what is in a message, and what is never sent twice."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.clock import ManualClock
from connectors.errors import (
    ConnectorConfigError,
    ConnectorError,
    FailureKind,
    OutcomeUnknownError,
    RejectedError,
    UnauthorizedError,
    UnavailableError,
)
from connectors.kernel.egress.policy import PUBLIC_ONLY, THIS_MACHINE, EgressPolicy
from connectors.kernel.egress.sockets import ForbiddenAddressError
from connectors.kernel.pipeline import Pipeline
from connectors.kernel.policy import CallPolicy
from connectors.notification.email.adapter import EmailNotificationAdapter
from connectors.notification.email.config import is_address, read_config
from connectors.notification.email.message import build_message, message_id
from connectors.notification.port import Notification
from connectors.operation import Access
from connectors.port import ConnectorCall
from connectors.probe import ProbeStatus
from connectors.registry import ConnectorRegistry
from tests.connectors.kernel.egress.listener import Listener
from tests.fakes.mail_server import PASSWORD, USER, MailServer

AT = datetime(2026, 11, 29, 10, tzinfo=UTC)
NOTICE = Notification(
    "Ana (+34 600 111 222) is waiting.", subject="A customer asks for a person", idempotency_key="c:1:0"
)
BLOCK: dict[str, Any] = {
    "host": "localhost",
    "sender": "desk@shop.example",
    "to": ["ana@shop.example", "eva@shop.example"],
}


def adapter(server: MailServer, *, egress: EgressPolicy = THIS_MACHINE, **block: Any) -> EmailNotificationAdapter:
    login = {"user": USER, "password": PASSWORD}
    config = read_config({**BLOCK, "port": server.port, **login, **block}, "connectors.notification")
    return EmailNotificationAdapter(config, ManualClock(AT), egress, lambda: server.client_tls)


async def test_a_notice_arrives_encrypted_and_whole() -> None:
    async with MailServer() as server:
        await adapter(server).notify(NOTICE)
    (mail,) = server.mails
    assert (mail.sender, mail.recipients) == ("desk@shop.example", ("ana@shop.example", "eva@shop.example"))
    assert headers(mail.parsed) == {
        "From": "desk@shop.example",
        "To": "ana@shop.example, eva@shop.example",
        "Subject": "A customer asks for a person",
        "Date": "Sun, 29 Nov 2026 10:00:00 +0000",
        "Message-ID": message_id(NOTICE, "desk@shop.example"),
        "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "7bit",
        "MIME-Version": "1.0",
    }
    assert mail.parsed.get_payload(decode=True) == b"Ana (+34 600 111 222) is waiting.\r\n"


async def test_words_of_every_language_arrive() -> None:
    async with MailServer() as server:
        await adapter(server).notify(Notification("Línea 1\nLínea 2 ✂️", subject="¿Quién está? 😀"))
    parsed = server.mails[0].parsed
    assert parsed["Subject"] == "¿Quién está? 😀"
    body = parsed.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().replace("\r\n", "\n") == "Línea 1\nLínea 2 ✂️\n"


async def test_tls_from_the_first_byte() -> None:
    async with MailServer(implicit_tls=True) as server:
        await adapter(server, security="tls").notify(NOTICE)
        assert len(server.mails) == 1


_REFUSED_BEFORE: dict[str, tuple[dict[str, Any], dict[str, Any], type[ConnectorError]]] = {
    "a server without STARTTLS": ({"offers_starttls": False}, {}, RejectedError),
    "a certificate for another name": ({"hostname": "other.example"}, {}, RejectedError),
    "a wrong password": ({}, {"password": "wrong-0123456789"}, UnauthorizedError),
    "TLS where none is spoken": ({"offers_starttls": False}, {"security": "tls"}, UnavailableError),
    "nobody there": ({}, {"port": 1}, UnavailableError),
    "a recipient that is refused": ({"rcpt_answers": ["550 no such user"]}, {}, RejectedError),
    "a text that is refused": ({"data_answers": ["554 looks like spam"]}, {}, RejectedError),
}


@pytest.mark.parametrize(("server", "block", "error"), _REFUSED_BEFORE.values(), ids=_REFUSED_BEFORE.keys())
async def test_what_is_refused_is_an_error_and_nothing_is_sent(
    server: dict[str, Any], block: dict[str, Any], error: type[ConnectorError]
) -> None:
    async with MailServer(**server) as mail_server:
        with pytest.raises(ConnectorError) as failed:
            await adapter(mail_server, **block).notify(NOTICE)
        assert mail_server.mails == []
    assert type(failed.value) is error
    for secret in (PASSWORD, "wrong-0123456789", "ana@"):
        assert secret not in str(failed.value)


async def test_a_password_is_never_offered_in_clear() -> None:
    """A listener that is no mail server and hears everything: without TLS nothing but a greeting is spoken."""
    async with Listener() as listener:
        config = read_config({**BLOCK, "port": listener.port, "user": USER, "password": PASSWORD}, "x")
        clear = EmailNotificationAdapter(config, ManualClock(AT), THIS_MACHINE, lambda: MailServer().client_tls)
        with pytest.raises(ConnectorError):
            await clear.notify(NOTICE)
    with pytest.raises(ConnectorConfigError, match="a password is not sent in clear"):
        read_config({**BLOCK, "user": USER, "password": PASSWORD, "security": "none"}, "x")


async def test_a_mail_server_in_clear_needs_a_network_that_was_opened() -> None:
    async with MailServer(offers_starttls=False) as server:
        block: dict[str, Any] = {"security": "none", "user": None, "password": None}
        await adapter(server, **block).notify(NOTICE)
        with pytest.raises(ForbiddenAddressError):
            await adapter(server, egress=PUBLIC_ONLY, **block).notify(NOTICE)
        assert len(server.mails) == 1
        assert server.sessions == 1


async def test_a_tenant_cannot_talk_to_a_port_of_this_machine() -> None:
    async with Listener() as listener:
        config = read_config({**BLOCK, "port": listener.port}, "x")
        blocked = EmailNotificationAdapter(config, ManualClock(AT), PUBLIC_ONLY, lambda: MailServer().client_tls)
        with pytest.raises(ForbiddenAddressError):
            await blocked.notify(NOTICE)
        assert listener.hits == 0


def pipeline(**policy: Any) -> Pipeline:
    return Pipeline("notification", CallPolicy(**policy), ManualClock(AT))


async def send_through(line: Pipeline, sender: EmailNotificationAdapter) -> None:
    await line.run("notify", Access.WRITES, "c:1:0", lambda: sender.notify(NOTICE))


async def test_a_busy_mailbox_is_tried_again() -> None:
    async with MailServer(rcpt_answers=["450 busy", "421 later"]) as server:
        await send_through(pipeline(), adapter(server))
        assert (len(server.mails), server.sessions) == (1, 3)


async def test_a_connection_lost_in_the_text_is_never_repeated() -> None:
    async with MailServer(drop_in_data=True) as server:
        with pytest.raises(OutcomeUnknownError):
            await send_through(pipeline(), adapter(server))
        assert server.sessions == 1


async def test_our_own_time_running_out_in_the_text_is_never_repeated() -> None:
    async with MailServer(hang_in_data=True) as server:
        with pytest.raises(OutcomeUnknownError):
            await send_through(pipeline(attempt_timeout_s=0.3, deadline_s=5.0), adapter(server))
        assert server.sessions == 1


async def test_a_flow_may_choose_among_the_configured_and_no_other() -> None:
    async with MailServer() as server:
        await adapter(server).notify(Notification("x", recipient="EVA@shop.example"))
        assert server.mails[0].recipients == ("eva@shop.example",)
        for stranger in (
            "mallory@evil.example",
            "eva@shop.example, mallory@evil.example",
            "eva@shop.example\nBcc: m@e.x",
        ):
            with pytest.raises(RejectedError, match="not one of the configured"):
                await adapter(server).notify(Notification("x", recipient=stranger))
        assert len(server.mails) == 1


def headers(message: Message) -> dict[str, str]:
    return {name: str(value) for name, value in message.items()}


_KNOWN = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
}


def assert_one_message(subject: str, text: str) -> None:
    notification = Notification(text, subject=subject)
    message = build_message(notification, sender="desk@shop.example", recipients=["ana@shop.example"], at=AT)
    raw = message.as_bytes()
    head, _, _body = raw.partition(b"\r\n\r\n")
    assert set(message.keys()) == _KNOWN
    lines = [line for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert {line.partition(b":")[0].decode() for line in lines} == _KNOWN
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_no_text_of_the_collections_becomes_a_header_of_its_own(shared_data: Path) -> None:
    lines = [
        variant
        for path in sorted((shared_data / "security/headers").glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        for variant in (line, unquote(line), unquote(unquote(line)), f"Hola\r\nBcc: m@evil.example\r\n{line}")
    ]
    assert len(lines) > 100
    for line in lines:
        assert_one_message(line, line)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_words_are_one_message_with_the_headers_we_wrote(subject: str, text: str) -> None:
    assert_one_message(subject, text)


def test_the_shared_addresses_are_judged(shared_data: Path) -> None:
    folder = shared_data / "security/email"
    bad = (folder / "fuzzdb_invalid_addresses.txt").read_text("utf-8").splitlines()
    good = (folder / "fuzzdb_valid_addresses.txt").read_text("utf-8").splitlines()
    # RFC 5322 allows the last one, whatever its list says; it reaches no database and no shell here.
    taken = [address for address in bad if is_address(address) and address not in good]
    assert taken == ["sql'or'1'='1'or'test@email.com"]
    plain = [address for address in good if address and '"' not in address and "[" not in address and "@" in address]
    assert sum(map(is_address, plain)) / len(plain) > 0.6


_BLOCK_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no server": ({"host": None}, "x.host: is missing"),
    "a server that is an address of the web": ({"host": "https://mail"}, "x.host: must be the name of a mail server"),
    "two senders": ({"sender": "a@b.example, c@d.example"}, "x.sender: must be an e-mail address"),
    "nobody to tell": ({"to": []}, "x.to: must be 1 to 10 e-mail addresses"),
    "a user without a password": ({"user": "a"}, "x.password: is missing; store it as the credential x.password"),
    "an encryption there is none": ({"security": "ssl3"}, "x.security: must be one of starttls, tls, none"),
}


@pytest.mark.parametrize(("block", "problem"), _BLOCK_FAULTS.values(), ids=_BLOCK_FAULTS.keys())
def test_a_block_is_refused(block: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConnectorConfigError) as refused:
        read_config({**BLOCK, **block}, "x")
    assert problem in refused.value.problems


_PROBES: dict[str, tuple[dict[str, Any], dict[str, Any], ProbeStatus, str]] = {
    "all is well": ({}, {}, ProbeStatus.WORKS, ""),
    "a wrong password": ({}, {"password": "wrong-0123456789"}, ProbeStatus.FAULTY, "password"),
    "no encryption": ({"offers_starttls": False}, {}, ProbeStatus.FAULTY, "security"),
}


@pytest.mark.parametrize(("server", "block", "status", "option"), _PROBES.values(), ids=_PROBES.keys())
async def test_a_probe_goes_as_far_as_the_door(
    server: dict[str, Any], block: dict[str, Any], status: ProbeStatus, option: str
) -> None:
    async with MailServer(**server) as mail_server:
        try:
            result = await adapter(mail_server, **block).probe()
        except ConnectorError as error:
            pytest.fail(f"a probe raised {error!r}")
        assert (result.status, result.option) == (status, option)
        assert mail_server.mails == []
        assert PASSWORD not in str(result)


async def test_through_the_registry_no_secret_and_no_word_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with MailServer() as server:
        block = {"type": "email", **BLOCK, "port": server.port, "user": USER, "password": PASSWORD}
        registry = ConnectorRegistry.from_config({"notification": block}, egress=THIS_MACHINE)
        call = ConnectorCall("notify", {"text": "Ana Canary waits"}, "c:1:0", "ana", AT)
        with pytest.raises(ConnectorError) as failed:  # the process does not believe a certificate made for a test
            await registry.invoke("notification", call)
        assert failed.value.kind is FailureKind.REJECTED
        await registry.close()
        await asyncio.sleep(0)
    for forbidden in (PASSWORD, "Ana Canary"):
        assert forbidden not in caplog.text
