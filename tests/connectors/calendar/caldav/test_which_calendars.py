"""The calendars that a credential opens, and what is said of one that was set up wrongly."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.calendar.caldav.dav_xml import read_collections, read_href
from connectors.errors import UnauthorizedError, UnavailableError
from connectors.probe import ProbeResult, ProbeStatus
from tests.connectors.calendar.caldav.dav_desk import open_dav_desk
from tests.connectors.calendar.desk import Desk
from tests.fakes.radicale_server import STRANGER, USER, Radicale

SATURDAY = "2026-11-28"
_WRONG: dict[str, tuple[dict[str, Any], str, ProbeStatus, str]] = {
    "a wrong password": ({"password": "wrong"}, "check user and app password", ProbeStatus.FAULTY, ""),
    "somebody else": (
        {"username": STRANGER[0], "password": STRANGER[1]},
        "check user and app password",
        ProbeStatus.FAULTY,
        "",
    ),
    "no calendar there": ({"url": "nothing-here/"}, "no calendar at the address", ProbeStatus.FAULTY, "url"),
}


@pytest.mark.parametrize(("changes", "words", "status", "option"), _WRONG.values(), ids=_WRONG.keys())
async def test_what_is_set_up_wrongly_is_said_and_nothing_is_offered(
    url: str, changes: dict[str, Any], words: str, status: ProbeStatus, option: str
) -> None:
    if "url" in changes:
        changes = {"url": f"{url.rstrip('/').rpartition('/')[0]}/{changes['url']}"}
    async with open_dav_desk(changes.pop("url", url), **changes) as desk:
        with pytest.raises(UnauthorizedError, match=words):
            await desk.slots(SATURDAY)
        with pytest.raises(UnauthorizedError, match=words):
            await desk.book(SATURDAY, "10:00")
        result = await desk.registry.probe("calendar")
    assert (result.status, result.option) == (status, option)


async def test_a_probe_of_a_calendar_that_may_be_written_works_and_changes_nothing(
    radicale: Radicale, url: str, desk: Desk
) -> None:
    assert (await desk.registry.probe("calendar")).status is ProbeStatus.WORKS
    async with open_dav_desk(url.rstrip("/").rpartition("/")[0] + "/") as above:
        assert (await above.registry.probe("calendar")).option == "url"  # a folder of calendars is none


async def test_the_calendars_that_a_credential_opens_are_told_from_any_address_of_the_server(
    radicale: Radicale, url: str
) -> None:
    others = [radicale.calendar() for _ in range(2)]
    for address in (url, f"{radicale.url}/", f"{radicale.url}/{USER}/"):
        async with open_dav_desk(address) as desk:
            found = await desk.registry.choices("calendar")
        assert not isinstance(found, ProbeResult)
        assert {url, *others} <= {choice.value for choice in found}
        assert {(choice.option, choice.title) for choice in found} == {("url", "Citas")}


async def test_calendars_are_not_told_to_a_stranger_and_nothing_is_thrown(radicale: Radicale, url: str) -> None:
    async with open_dav_desk(url, password="another-one") as desk:
        refused = await desk.registry.choices("calendar")
    assert isinstance(refused, ProbeResult)
    assert refused.status is ProbeStatus.FAULTY
    async with open_dav_desk(f"{radicale.url}/", username=STRANGER[0], password=STRANGER[1]) as desk:
        assert await desk.registry.choices("calendar") == ()


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"<html/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><d:multistatus xmlns:d='DAV:'>&a;</d:multistatus>",
        b"<d:multistatus xmlns:d='DAV:'",
    ],
    ids=["nothing", "a web page", "entities", "half"],
)  # fmt: skip
def test_what_is_no_list_of_calendars_is_said_to_be_none(answer: bytes) -> None:
    for read in (read_collections, lambda text: read_href(text, "calendar-home-set")):
        with pytest.raises(UnavailableError, match="not the XML of WebDAV"):
            read(answer)


def test_only_calendars_for_appointments_that_may_be_written_are_offered() -> None:
    def response(path: str, kind: str, privilege: str, component: str) -> str:
        return (
            f"<d:response><d:href>{path}</d:href><d:propstat><d:prop><d:resourcetype>{kind}</d:resourcetype>"
            f"<d:displayname>{path}</d:displayname><d:current-user-privilege-set><d:privilege>{privilege}"
            "</d:privilege></d:current-user-privilege-set><c:supported-calendar-component-set>"
            f"<c:comp name='{component}'/></c:supported-calendar-component-set></d:prop></d:propstat></d:response>"
        )

    body = (
        "<d:multistatus xmlns:d='DAV:' xmlns:c='urn:ietf:params:xml:ns:caldav'>"
        + response("/a/", "<d:collection/><c:calendar/>", "<d:write/>", "VEVENT")
        + response("/b/", "<d:collection/><c:calendar/>", "<d:read/>", "VEVENT")
        + response("/c/", "<d:collection/><c:calendar/>", "<d:write/>", "VTODO")
        + response("/d/", "<d:collection/>", "<d:write/>", "VEVENT")
        + "</d:multistatus>"
    )
    assert [item.path for item in read_collections(body.encode())] == ["/a/"]
