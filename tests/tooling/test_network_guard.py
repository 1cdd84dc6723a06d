"""The guard refuses what leaves the machine and nothing else."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.network_guard import OutsideNetworkError, take_refused

OUTSIDE = "192.0.2.1"  # TEST-NET-1 of RFC 5737: never routed


def test_a_connect_to_another_machine_is_refused_and_remembered() -> None:
    with socket.socket() as client, pytest.raises(OutsideNetworkError, match=r"192\.0\.2\.1:80 was refused"):
        client.connect((OUTSIDE, 80))
    assert take_refused() == ["192.0.2.1:80"]


async def test_a_connect_through_asyncio_is_refused_too() -> None:
    with pytest.raises(OutsideNetworkError):
        await asyncio.open_connection(OUTSIDE, 80)
    assert take_refused() == ["192.0.2.1:80"]


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as client, pytest.raises(OutsideNetworkError):
        client.sendto(b"x", (OUTSIDE, 53))
    assert take_refused() == ["192.0.2.1:53"]


def test_looking_up_a_foreign_name_is_refused() -> None:
    with pytest.raises(OutsideNetworkError):
        socket.getaddrinfo("example.org", 443)
    assert take_refused() == ["example.org"]


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        with socket.create_connection(("localhost", port)) as client:
            assert client.getpeername() == (host, port)
    assert take_refused() == []


def test_reading_an_address_off_its_digits_is_no_look_up() -> None:
    assert socket.getaddrinfo(OUTSIDE, 80, type=socket.SOCK_STREAM)[0][4] == (OUTSIDE, 80)
    assert take_refused() == []
