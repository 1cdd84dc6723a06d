"""Declared requests against a real server: what is sent, what comes back, and everything that goes wrong."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from connectors.errors import ConnectorError, FailureKind, RejectedError, UnavailableError
from connectors.kernel.egress.policy import PUBLIC_ONLY
from connectors.kernel.egress.sockets import ForbiddenAddressError
from connectors.plain_json import JSON
from connectors.probe import ProbeStatus
from connectors.registry import probe_block
from tests.connectors.http.studio import OPERATIONS, SECRET, studio
from tests.connectors.kernel.egress.listener import Listener


async def test_a_read_sends_its_query_and_gives_what_was_mapped() -> None:
    async with studio(headers={"X-App": "frontdesk"}) as at:
        assert await at.call("find_customer", phone="+34600111222") == {"name": "Ana", "id": "c1", "none": None}
        (asked,) = at.api.asked
    assert (asked.method, asked.target) == ("GET", "/customers?phone=%2B34600111222")
    assert asked.headers["authorization"] == f"Bearer {SECRET}"
    assert asked.headers["x-app"] == "frontdesk"
    assert "idempotency-key" not in asked.headers


async def test_rows_are_choices_and_are_limited() -> None:
    async with studio() as at:
        assert await at.call("list_classes", day="2026-11-30") == [
            {"id": "class_0", "title": "Yoga 0", "description": "9.5 € · Eva"},
            {"id": "class_1", "title": "Yoga 1", "description": "12 € · Eva"},
            {"id": "class_2", "title": "Yoga 2", "description": "9.5 € · Eva"},
        ]


async def test_a_write_sends_its_body_with_types_and_the_key_of_the_effect() -> None:
    async with studio() as at:
        result = await at.call("enrol", **{"class": "7", "name": "Ana", "age": "31"}, key="conversation:4:1")
        (asked,) = at.api.asked
    assert asked.body == {"member": {"name": "Ana", "age": 31}, "tags": ["Ana!", 7]}
    assert result == {"member": asked.body}
    assert asked.headers["idempotency-key"] == "conversation:4:1"
    assert asked.headers["x-source"] == "whatsapp Ana"


async def test_an_answer_without_a_body_is_nothing() -> None:
    async with studio() as at:
        assert await at.call("nothing") is None
        assert await at.call("maybe") is None


_WAYS_TO_KNOW_US: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "not at all": ({"auth": "none"}, {}),
    "a bearer": ({"auth": "bearer"}, {"authorization": f"Bearer {SECRET}"}),
    "a user and a password": (
        {"auth": "basic", "user": "ana"},
        {"authorization": "Basic YW5hOnNrLXN0dWRpby0wMTIzNDU2Nzg5"},
    ),
    "a header of its own": ({"auth": "header", "header": "X-Api-Key"}, {"x-api-key": SECRET}),
}


@pytest.mark.parametrize(("block", "sent"), _WAYS_TO_KNOW_US.values(), ids=_WAYS_TO_KNOW_US.keys())
async def test_the_credential_goes_where_it_should(block: dict[str, Any], sent: dict[str, str]) -> None:
    async with studio(**block) as at:
        await at.call("nothing")
        headers = at.api.asked[0].headers
    assert {name: headers[name] for name in ("authorization", "x-api-key") if name in headers} == sent


_ANSWERS: dict[str, tuple[Response, FailureKind, int]] = {
    "a wrong credential": (Response(status_code=401), FailureKind.UNAUTHORIZED, 1),
    "a missing right": (Response(status_code=403), FailureKind.UNAUTHORIZED, 1),
    "a wrong request": (Response(status_code=400), FailureKind.REJECTED, 1),
    "too late": (Response(status_code=409), FailureKind.CONFLICT, 1),
    "too many requests": (Response(status_code=429, headers={"retry-after": "60"}), FailureKind.RATE_LIMITED, 1),
    "a redirect that nobody asked for": (
        Response(status_code=302, headers={"location": "/x"}),
        FailureKind.UNAVAILABLE,
        3,
    ),
    "200 with a no inside": (JSONResponse({"ok": False, "customer": None}), FailureKind.REJECTED, 1),
    "200 with a list instead": (JSONResponse(["surprise"]), FailureKind.REJECTED, 1),
    "a page": (Response("<html>"), FailureKind.UNAVAILABLE, 3),
    "deep nonsense": (Response("[" * 100_000), FailureKind.UNAVAILABLE, 3),
}


@pytest.mark.parametrize(("answer", "kind", "_asked"), _ANSWERS.values(), ids=_ANSWERS.keys())
async def test_what_goes_wrong_is_an_error_of_its_kind(answer: Response, kind: FailureKind, _asked: int) -> None:
    async with studio(policy={"attempts": 1}) as at:
        at.api.next_answers = [answer]
        with pytest.raises(ConnectorError) as failed:
            await at.call("find_customer", phone="1")
    assert failed.value.kind is kind
    assert SECRET not in str(failed.value)


async def test_a_status_can_be_declared_to_mean_something_else() -> None:
    async with studio() as at:
        at.api.next_answers = [Response(status_code=422)]
        with pytest.raises(RejectedError, match="crm: answered 422"):
            await at.call("enrol", **{"class": "7", "name": "Ana"})
        with pytest.raises(UnavailableError, match="which is no success here"):
            await at.call("created_only")


async def test_an_answer_without_an_end_is_cut_off() -> None:
    async with studio(policy={"attempts": 1}) as at:
        with pytest.raises(UnavailableError, match="BodyTooLarge"):
            await at.call("endless")


async def test_a_server_that_hangs_is_left() -> None:
    async with studio(policy={"attempts": 1, "attempt_timeout_s": 0.05, "deadline_s": 1}) as at:
        with pytest.raises(ConnectorError) as failed:
            await at.call("hang")
    assert failed.value.kind is FailureKind.TIMEOUT


_REPEATS = {"find_customer": 3, "leave": 3, "enrol": 1, "book_again": 3}


@pytest.mark.parametrize(("operation", "times"), _REPEATS.items())
async def test_only_what_may_be_repeated_is(operation: str, times: int) -> None:
    async with studio() as at:
        at.api.next_answers = [Response(status_code=503) for _ in range(5)]
        needed = {"find_customer": {"phone": "1"}, "leave": {"class": "1"}, "enrol": {"class": "1", "name": "A"}}
        with pytest.raises(UnavailableError):
            await at.call(operation, **needed.get(operation, {}))
        assert len(at.api.asked) == times
        assert len({asked.headers.get("idempotency-key") for asked in at.api.asked}) == 1


_PARAMETERS: dict[str, tuple[str, dict[str, Any], str]] = {
    "one that is missing": ("find_customer", {}, "parameter 'phone' is missing or empty"),
    "one that is unknown": ("find_customer", {"phone": "1", "x": "2"}, "unknown parameter 'x'"),
    "no date": ("list_classes", {"day": "tomorrow"}, "'day' must be a day like 2026-11-24"),
    "no number": ("enrol", {"class": "1", "name": "A", "age": "old"}, "'age' must be a whole number"),
    "a mapping for a text": ("find_customer", {"phone": {"a": 1}}, "a mapping cannot be written as text"),
    "an operation there is none": ("delete_everything", {}, "has no operation 'delete_everything'"),
}


@pytest.mark.parametrize(("operation", "params", "problem"), _PARAMETERS.values(), ids=_PARAMETERS.keys())
async def test_a_wrong_parameter_sends_nothing(operation: str, params: dict[str, Any], problem: str) -> None:
    async with studio() as at:
        with pytest.raises(RejectedError, match=problem):
            await at.call(operation, **params)
        assert at.api.asked == []


async def test_an_address_that_a_tenant_may_not_call_is_not_called() -> None:
    async with studio(egress=PUBLIC_ONLY, base_url="https://127.0.0.1:1") as at:
        with pytest.raises(ForbiddenAddressError):
            await at.call("nothing")
    async with Listener() as listener, studio(egress=PUBLIC_ONLY, base_url=f"http://127.0.0.1:{listener.port}") as at:
        with pytest.raises(ForbiddenAddressError):
            await at.call("nothing")
        assert listener.hits == 0


async def test_redirects_are_followed_by_reads_without_the_credential() -> None:
    async with studio(follow_redirects=True) as at:
        at.api.elsewhere = "/customers?phone=%2B34600111222"
        result: Any = await at.call("moved")
        assert result["customer"]["name"] == "Ana"
        first, second = at.api.asked
    assert "authorization" in first.headers
    assert "authorization" not in second.headers


_BAD_REDIRECTS = {
    "to the metadata service": ("http://169.254.169.254/latest/meta-data/", ForbiddenAddressError),
    "to another scheme": ("file:///etc/passwd", RejectedError),
    "to itself": ("/moved", UnavailableError),
    "to a user": ("http://user:password@127.0.0.1/", ForbiddenAddressError),
}


@pytest.mark.parametrize(("target", "error"), _BAD_REDIRECTS.values(), ids=_BAD_REDIRECTS.keys())
async def test_a_redirect_is_checked_like_the_first_address(target: str, error: type[ConnectorError]) -> None:
    async with studio(follow_redirects=True, policy={"attempts": 1}) as at:
        at.api.elsewhere = target
        with pytest.raises(error):
            await at.call("moved")
        assert {asked.target for asked in at.api.asked} == {"/moved"}


async def test_no_secret_and_no_customer_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with studio() as at:
        at.api.next_answers = [Response(status_code=401)]
        with pytest.raises(ConnectorError):
            await at.call("find_customer", phone="+34600111222")
        await at.call("enrol", **{"class": "1", "name": "Ana Canary"})
    assert "connector_call connector=crm operation=find_customer outcome=unauthorized" in caplog.text
    for forbidden in (SECRET, "34600111222", "Ana Canary"):
        assert forbidden not in caplog.text


_PROBES: dict[str, tuple[dict[str, Any], ProbeStatus, str]] = {
    "the path answers": ({"probe_path": "/status"}, ProbeStatus.WORKS, "The API answers as it should."),
    "a wrong credential": (
        {"probe_path": "/status", "secret": "sk-other-999999"},
        ProbeStatus.FAULTY,
        "The credential was refused.",
    ),
    "a path there is none": ({"probe_path": "/none"}, ProbeStatus.FAULTY, "The check did not succeed."),
    "no path to ask": ({}, ProbeStatus.WORKS, "Somebody answers at this address."),
    "nobody there": ({"base_url": "http://127.0.0.1:1"}, ProbeStatus.UNREACHABLE, "It cannot be reached"),
}


@pytest.mark.parametrize(("block", "status", "begins"), _PROBES.values(), ids=_PROBES.keys())
async def test_a_probe_tries_address_and_credential(block: dict[str, Any], status: ProbeStatus, begins: str) -> None:
    async with studio(**block) as at:
        result = await at.registry.probe("crm")
    assert result.status is status
    assert str(result.finding).startswith(begins)
    assert "sk-" not in str(result)


async def test_a_probe_does_not_go_where_a_tenant_may_not() -> None:
    block: dict[str, JSON] = {"type": "http", "base_url": "https://10.0.0.1", "operations": OPERATIONS}
    result = await probe_block("crm", block)
    assert result.status is ProbeStatus.FAULTY
    assert "not one that may be called" in result.detail
