"""Earlier versions: compared with the draft or each other, and taken back into the draft."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.test import Client

from platform_admin.business import actions as business
from platform_admin.business.queries import draft_of
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.actions import publish
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.business import COMMAND, FLOW, sources

pytestmark = pytest.mark.django_db

KINDS: Final = ("conversation", "faq", "hours")

SAYS: Final = ("De 10:00 a 20:00.", "De 9:00 a 20:00.", "Nunca.")
"""What version 1, version 2 and the draft say."""


def text(kind: str, says: str) -> Any:
    match kind:
        case "conversation":
            return FLOW.replace(SAYS[0], says)
        case "faq":
            return f"# Luna\n\n{says}\n"
        case _:
            return {"name": says}


def save(tenant: Tenant, kind: str, content: Any, by: Any = COMMAND) -> None:
    match kind:
        case "conversation":
            flow = Flow.objects.for_tenant(tenant).first()
            flow = flow or flows.create_flow(tenant=tenant, name="main", by=COMMAND)
            flows.save_draft(flow=flow, text=content, by=by)
        case "faq":
            knowledge.save_draft(tenant=tenant, markdown=content, by=by)
        case _:
            business.save_draft(tenant=tenant, document=content, by=by)


def stored(tenant: Tenant, kind: str) -> tuple[Any, int]:
    """What the draft says, and its revision."""
    match kind:
        case "conversation":
            draft = FlowDraft.objects.for_tenant(tenant).get()
            return draft.text, draft.revision
        case "faq":
            document = document_of(tenant)
            assert document is not None
            return document.draft, document.revision
        case _:
            hours = draft_of(tenant)
            assert hours is not None
            return hours.document, hours.revision


@pytest.fixture
def written(luna: Tenant) -> Tenant:
    """Releases 1 and 2 kept two versions of everything, and the drafts say something else."""
    for says in SAYS:
        for kind in KINDS:
            save(luna, kind, text(kind, says))
        if says != SAYS[-1]:
            publish(tenant=luna, by=COMMAND)
    return luna


def page(kind: str, rest: str = "") -> str:
    return f"/admin/authoring/luna/versions/{kind}/{rest}"


def sides(client: Client, address: str) -> list[tuple[str, str]]:
    return [(change.old, change.new) for change in client.get(address).context["changes"]]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_lists_its_versions_newest_first(kind: str, written: Tenant, people: dict[str, User]) -> None:
    client = client_of(people["viewer"])
    assert [version.number for version in client.get(page(kind)).context["versions"]] == [2, 1]
    assert page(kind) in client.get(f"/admin/authoring/luna/{kind}/").content.decode()
    assert "Take this one back" not in client.get(page(kind, "1/")).content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_version_is_compared_with_the_draft_or_with_another_one(
    kind: str, written: Tenant, as_operator: Client
) -> None:
    first, second, draft = ((says,) * 2 for says in SAYS)
    assert sides(as_operator, page(kind, "1/")) == [(draft[0], first[0])]
    assert sides(as_operator, page(kind, "2/?against=1")) == [(first[0], second[0])]
    assert as_operator.get(page(kind, "9/")).status_code == 404
    assert as_operator.get(page(kind, "1/?against=9")).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_one_is_taken_back_into_the_draft(kind: str, written: Tenant, people: dict[str, User]) -> None:
    _, revision = stored(written, kind)
    client = client_of(people["editor"])
    answer = client.post(page(kind, "1/take-back"), {"revision": revision}, follow=True)
    assert "The draft is what version 1 was." in answer.content.decode()
    assert stored(written, kind) == (text(kind, SAYS[0]), revision + 1)


@pytest.mark.parametrize("kind", KINDS)
def test_who_saved_meanwhile_is_named_and_nothing_is_taken_back(
    kind: str, written: Tenant, people: dict[str, User]
) -> None:
    _, revision = stored(written, kind)
    save(written, kind, text(kind, "Mine."), by=people["owner"])
    before = stored(written, kind)
    client = client_of(people["editor"])
    answer = client.post(page(kind, "1/take-back"), {"revision": revision}, follow=True)
    assert "Nothing was taken back: owner@example.com has saved since you looked." in answer.content.decode()
    for body in ({}, {"revision": ""}, {"revision": "x"}, {"revision": "-1"}, {"revision": "9" * 30}):
        client.post(page(kind, "1/take-back"), body)
    assert stored(written, kind) == before


@pytest.mark.parametrize("kind", KINDS)
def test_work_that_would_be_lost_is_named_with_who_wrote_it(
    kind: str, written: Tenant, people: dict[str, User]
) -> None:
    client = client_of(people["editor"])
    save(written, kind, text(kind, "Mine."), by=people["owner"])
    assert "What owner@example.com saved in " in client.get(page(kind, "1/")).content.decode()
    save(written, kind, text(kind, SAYS[1]), by=people["owner"])  # what version 2 holds
    assert "would be lost" not in client.get(page(kind, "1/")).content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_only_look_takes_nothing_back(kind: str, written: Tenant, people: dict[str, User]) -> None:
    before = stored(written, kind)
    client_of(people["viewer"]).post(page(kind, "1/take-back"), {"revision": before[1]})
    assert stored(written, kind) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_business_without_versions_is_told_how_they_come(kind: str, luna: Tenant, as_operator: Client) -> None:
    assert "No version yet" in as_operator.get(page(kind)).content.decode()
    assert as_operator.get(page("tests")).status_code == 404


RELEASES: Final = "/admin/authoring/luna/releases/"


def test_any_two_releases_are_compared(written: Tenant, as_operator: Client) -> None:
    publish(tenant=written, by=COMMAND)
    there, back = (sides(as_operator, f"{RELEASES}?{query}") for query in ("old=1&new=3", "new=1&old=3"))
    assert there == [(SAYS[0], SAYS[2])] * 3
    assert back == [(SAYS[2], SAYS[0])] * 3
    assert "From release 1 to release 3" in as_operator.get(f"{RELEASES}?old=1&new=3").content.decode()
    for query in ("old=1&new=1", "old=1&new=9", "old=x&new=²", "old=1"):
        assert sides(as_operator, f"{RELEASES}?{query}") == [], query


def test_a_release_of_the_operators_pages_is_compared_with_the_one_that_is_asked_for(
    written: Tenant, as_operator: Client
) -> None:
    publish(tenant=written, by=COMMAND, sources=sources(FLOW))
    address = "/admin/sight/luna/releases/3/"
    assert 'name="against"' in as_operator.get(address).content.decode()
    assert (SAYS[1], SAYS[0]) in sides(as_operator, f"{address}?against=2")
    assert (SAYS[1], SAYS[0]) not in sides(as_operator, f"{address}?against=1")
