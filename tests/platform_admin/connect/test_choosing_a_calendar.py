"""An owner picks a calendar from those that the stored credential opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from connectors.kernel.egress.policy import THIS_MACHINE
from flow_engine.vocabulary import JSONObject
from platform_admin.connect.actions import connect
from platform_admin.tenants.models import Tenant, User
from tests.fakes.radicale_server import PASSWORD, Radicale, running_radicale
from tests.fakes.radicale_server import USER as RADICALE_USER
from tests.platform_admin.business import COMMAND
from tests.platform_admin.connect.page import SECRET, URL, connectors_of, signed_in_as

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

CHOOSE = f"{URL}calendar/choose/"


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    with running_radicale(tmp_path) as server:
        yield server


def test_an_owner_picks_the_calendar_from_what_the_credential_opens(
    radicale: Radicale, luna: Tenant, people: dict[str, User], settings: Settings
) -> None:
    settings.PROBE_EGRESS = THIS_MACHINE
    calendars = [radicale.calendar() for _ in range(2)]
    block = {"url": f"{radicale.url}/", "username": RADICALE_USER, "timezone": "Europe/Madrid"}
    connect(
        tenant=luna, category="calendar", block={"type": "caldav", **block}, secrets={"password": PASSWORD}, by=COMMAND
    )
    owner = signed_in_as(people["owner"])
    assert CHOOSE in owner.get(URL).content.decode()
    page = owner.get(CHOOSE).content.decode()
    assert [calendar for calendar in calendars if f'value="{calendar}"' in page] == calendars
    for wrong in ("", "https://evil.example/", f"{radicale.url}/"):
        assert owner.post(CHOOSE, {"value": wrong})["Location"] == URL
    stored = connectors_of(luna)["calendar"]
    assert isinstance(stored, dict)
    assert stored["url"] == f"{radicale.url}/"
    owner.post(CHOOSE, {"value": calendars[1]})
    assert connectors_of(luna)["calendar"] == {"type": "caldav", **block, "url": calendars[1]}
    assert "checked" in owner.get(CHOOSE).content.decode()
    for role in ("viewer", "editor", "publisher", "stranger"):
        assert signed_in_as(people[role]).get(CHOOSE).status_code == 404
    assert owner.get(CHOOSE.replace("luna", "sol")).status_code == 404


def test_what_tells_no_calendars_says_so_and_trouble_is_told_in_words(
    luna: Tenant, people: dict[str, User], settings: Settings
) -> None:
    owner = signed_in_as(people["owner"])
    assert owner.get(CHOOSE)["Location"] == URL  # nothing is set up
    connect(tenant=luna, category="calendar", block={"type": "mock_calendar"}, secrets={}, by=COMMAND)
    assert "does not tell which calendars" in owner.get(CHOOSE).content.decode()
    settings.PROBE_EGRESS = THIS_MACHINE
    nobody: JSONObject = {"type": "caldav", "url": "https://127.0.0.1:9/", "username": "x", "timezone": "Europe/Madrid"}
    connect(tenant=luna, category="calendar", block=nobody, secrets={"password": SECRET}, by=COMMAND)
    page = owner.get(CHOOSE).content.decode()
    assert "cannot be reached" in page
    assert SECRET not in page
