"""Keys, sharing and clocks that are wrong: one classified error that names the fix, and never a secret."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.calendar.google_calendar.service_account import read_service_account
from connectors.clock import ManualClock
from connectors.errors import ConnectorError, RateLimitedError, TimedOutError, UnauthorizedError, UnavailableError
from connectors.kernel.probing import probe_connector
from connectors.probe import ProbeStatus
from tests.connectors.calendar.desk import Desk
from tests.connectors.calendar.google_calendar.google_desk import SHOP, adapter_of, open_google_desk
from tests.fakes.google_calendar import FakeGoogle, Fault, make_key_file
from tests.fakes.google_calendar.memory import Calendar

SATURDAY = "2026-11-28"


def changed(**changes: Any) -> str:
    return json.dumps(json.loads(make_key_file().text) | changes)


_KEY_FILES = {
    "no JSON": ("not a key file", "not the JSON file"),
    "deeply nested": ("[" * 15_000, "not the JSON file"),
    "another kind of credential": (changed(type="authorized_user"), "not the key of a service account"),
    "no address": (changed(client_email=None), "client_email or private_key is missing"),
    "no key": (changed(private_key="MIIE"), "its private_key is no key"),
    "tokens from elsewhere": (changed(token_uri="http://127.0.0.1:9/token"), "its token_uri is not https://oauth2"),
    "tokens from almost there": (
        changed(token_uri="https://oauth2.googleapis.com.evil.example/token"),
        "nothing was sent there",
    ),
    "another universe": (changed(universe_domain="evil.example"), "its universe_domain is not googleapis.com"),
}


@pytest.mark.parametrize(("text", "words"), _KEY_FILES.values(), ids=_KEY_FILES.keys())
async def test_a_key_file_that_cannot_be_used_is_refused_before_anything_is_sent(
    google: FakeGoogle, url: str, text: str, words: str
) -> None:
    async with open_google_desk(google, url, credentials=text) as desk:
        with pytest.raises(UnauthorizedError, match=words) as refused:
            await desk.slots(SATURDAY)
        result = await desk.registry.probe("calendar")
    assert google.requests == []
    assert "create a new key and store it" in str(refused.value)
    assert (result.status, result.option) == (ProbeStatus.FAULTY, "credentials")


async def test_a_key_file_on_disk_is_read_when_it_is_needed(google: FakeGoogle, url: str, tmp_path: Path) -> None:
    path = tmp_path / "service_account.json"
    async with open_google_desk(google, url, credentials=None, credentials_path=str(path)) as desk:
        with pytest.raises(UnauthorizedError, match="names no file that can be read"):
            await desk.slots(SATURDAY)
        path.write_text(google.key.text, encoding="utf-8")
        assert len(await desk.slots(SATURDAY)) == 4


async def test_one_token_serves_an_hour_and_is_renewed_in_time(google: FakeGoogle, url: str) -> None:
    clock = ManualClock(datetime.now(UTC))
    async with open_google_desk(google, url, clock=clock) as desk:
        for _ in range(3):
            await desk.slots(SATURDAY)
        assert [path for _, path in google.requests].count("/token") == 1
        clock.advance(3600 - 200)
        google.clock_offset_s = 3600 - 200
        await desk.slots(SATURDAY)
        assert [path for _, path in google.requests].count("/token") == 2


async def test_a_token_revoked_before_its_time_is_replaced_once(google: FakeGoogle, desk: Desk) -> None:
    await desk.slots(SATURDAY)
    google.revoke_tokens()
    assert len(await desk.slots(SATURDAY)) == 4
    google.faults.append(Fault(401, "authError", path="/freeBusy", times=99))
    with pytest.raises(UnauthorizedError):
        await desk.slots(SATURDAY)
    assert [path for _, path in google.requests].count("/token") == 3


async def test_a_deleted_key_a_wrong_clock_and_a_deleted_account_are_told_apart(
    google: FakeGoogle, url: str, desk: Desk
) -> None:
    google.clock_offset_s = 7_200
    with pytest.raises(UnauthorizedError, match="the clock of this machine is wrong"):
        await desk.slots(SATURDAY)
    google.clock_offset_s = 0
    google.key = make_key_file("somebody.else@luna-salon.iam.gserviceaccount.com")
    with pytest.raises(UnauthorizedError, match="its key was deleted or belongs to another account"):
        await desk.slots(SATURDAY)
    google.faults.append(
        Fault(400, path="/token", times=9, body=b'{"error":"invalid_grant","error_description":"account not found"}')
    )
    with pytest.raises(UnauthorizedError, match="deleted or disabled"):
        await desk.slots(SATURDAY)


_ERRORS: dict[str, tuple[Fault, type[ConnectorError], int]] = {
    "a quota that is spent for a moment": (Fault(403, "rateLimitExceeded"), RateLimitedError, 3),
    "a user's quota": (Fault(403, "userRateLimitExceeded"), RateLimitedError, 3),
    "a calendar's quota": (Fault(403, "quotaExceeded"), RateLimitedError, 3),
    "a day's quota": (Fault(403, "dailyLimitExceeded"), RateLimitedError, 1),
    "too many requests": (Fault(429, "rateLimitExceeded", retry_after=30), RateLimitedError, 1),
    "a right that is missing": (Fault(403, "insufficientPermissions"), UnauthorizedError, 1),
    "what service accounts may not": (Fault(403, "forbiddenForServiceAccounts"), UnauthorizedError, 1),
    "an API that is off": (Fault(403, "accessNotConfigured"), UnauthorizedError, 1),
    "a reason nobody knows": (Fault(403, "novelty"), UnauthorizedError, 1),
    "an outage": (Fault(503, "backendError"), UnavailableError, 3),
    "a redirect": (Fault(302, ""), UnavailableError, 3),
    "a page of HTML": (Fault(200, body=b"<html>"), UnavailableError, 3),
    "a list": (Fault(200, body=b"[]"), UnavailableError, 3),
    "deep nesting": (Fault(200, body=b"[" * 100_000), UnavailableError, 3),
    "ten megabytes": (Fault(200, body=b'{"calendars": {"x": "' + b"x" * 10_000_000 + b'"}}'), UnavailableError, 3),
    "nothing of the calendar": (Fault(200, body=b'{"calendars": {}}'), UnavailableError, 3),
    "no calendars at all": (Fault(200, body=b"{}"), UnavailableError, 3),
    "an error inside a success": (
        Fault(200, body=json.dumps({"calendars": {SHOP: {"errors": [{"reason": "internalError"}]}}}).encode()),
        UnavailableError,
        3,
    ),
    "not found inside a success": (
        Fault(200, body=json.dumps({"calendars": {SHOP: {"errors": [{"reason": "notFound"}], "busy": []}}}).encode()),
        UnauthorizedError,
        1,
    ),
    "a busy time without a zone": (
        Fault(
            200,
            body=json.dumps(
                {"calendars": {SHOP: {"busy": [{"start": "2026-11-28T10:00:00", "end": "2026-11-28T11:00:00"}]}}}
            ).encode(),
        ),
        UnavailableError,
        3,
    ),
}


@pytest.mark.parametrize(("fault", "error", "requests"), _ERRORS.values(), ids=_ERRORS.keys())
async def test_no_time_is_offered_on(
    google: FakeGoogle, desk: Desk, fault: Fault, error: type[ConnectorError], requests: int
) -> None:
    google.faults.append(Fault(**vars(fault) | {"times": 99, "path": "/freeBusy"}))
    with pytest.raises(error):
        await desk.slots(SATURDAY)
    assert [path for _, path in google.requests if path.endswith("/freeBusy")] == ["/calendar/v3/freeBusy"] * requests


async def test_a_hanging_server_is_cut_off(google: FakeGoogle, url: str, shop: Calendar) -> None:
    policy = {"attempts": 1, "attempt_timeout_s": 0.1}
    async with open_google_desk(google, url, policy=policy) as desk:
        google.faults.append(Fault(0, hang_s=30))
        with pytest.raises(TimedOutError):
            await desk.book(SATURDAY, "10:00")
    assert shop.standing() == []


async def test_an_unshared_calendar_says_with_whom_to_share_it(google: FakeGoogle, desk: Desk, shop: Calendar) -> None:
    shop.role = "none"
    with pytest.raises(UnauthorizedError, match=r"not shared with front-desk@luna-salon\.iam") as refused:
        await desk.slots(SATURDAY)
    assert "share it and allow changes to events" in str(refused.value)
    shop.role = "reader"
    with pytest.raises(UnauthorizedError, match="Make changes to events"):
        await desk.book(SATURDAY, "10:00")
    assert shop.standing() == []


_PROBES = {
    "all is well": ("writer", True, ProbeStatus.WORKS, ""),
    "the calendar is ours": ("owner", True, ProbeStatus.WORKS, ""),
    "not shared": ("none", True, ProbeStatus.FAULTY, "calendar_id"),
    "shared to be looked at": ("reader", True, ProbeStatus.FAULTY, "calendar_id"),
    "the API is off": ("writer", False, ProbeStatus.FAULTY, "credentials"),
}


@pytest.mark.parametrize(("role", "enabled", "status", "option"), _PROBES.values(), ids=_PROBES.keys())
async def test_a_probe_says_what_to_do_and_changes_nothing(
    google: FakeGoogle, desk: Desk, shop: Calendar, role: str, enabled: bool, status: ProbeStatus, option: str
) -> None:
    shop.role, google.api_enabled = role, enabled
    result = await desk.registry.probe("calendar")
    assert (result.status, result.option) == (status, option)
    assert (result.remedy is None) == (status is ProbeStatus.WORKS)
    assert shop.events == {}
    assert {method for method, path in google.requests if path != "/token"} == {"GET"}


async def test_a_probe_of_a_silent_google_ends(google: FakeGoogle, desk: Desk) -> None:
    google.faults.append(Fault(0, hang_s=30, times=9))
    result = await probe_connector(adapter_of(desk), limit_s=0.1)
    assert result.status is ProbeStatus.UNREACHABLE


async def test_requests_count_for_the_tenant_and_not_for_the_service_account(google: FakeGoogle, desk: Desk) -> None:
    await desk.slots(SATURDAY)
    (quota_user,) = {query["quotaUser"] for query in google.queries}
    assert len(quota_user) <= 40
    assert SHOP not in quota_user


async def test_no_log_holds_a_key_a_token_or_a_customer(
    google: FakeGoogle, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_google_desk(google, url) as desk:
        await desk.ask(
            "book_appointment",
            date=SATURDAY,
            time="10:00",
            service="cut",
            contact="34600111222",
            contact_name="Ana Ruiz",
        )
        google.faults.append(Fault(403, "insufficientPermissions"))
        with pytest.raises(UnauthorizedError):
            await desk.ask("list_appointments", contact="34600111222")
        google.revoke_tokens()
        google.key = make_key_file("somebody.else@luna-salon.iam.gserviceaccount.com")
        with pytest.raises(UnauthorizedError):
            await desk.slots(SATURDAY)
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn"))
    assert "operation=book_appointment outcome=ok" in ours
    for secret in ("PRIVATE KEY", make_key_file().private_key[40:80], "ya29.", "34600111222", "Ana Ruiz"):
        assert secret not in ours


def test_what_a_key_file_holds_is_not_in_a_repr() -> None:
    assert make_key_file().private_key[40:80] not in repr(read_service_account(make_key_file().text))
