"""Publishing by two people, as they do it: one proposes on the page, another one looks, approves or declines."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from platform_admin.flows import actions as flows
from platform_admin.flows.queries import main_flow
from platform_admin.jobs.models import Job
from platform_admin.releases.actions import publish
from platform_admin.releases.models import Proposal, Release
from platform_admin.releases.queries import live_release, open_proposal
from platform_admin.tenants.models import AuditEntry, Membership, Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW, sources

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

PAGE = "/admin/authoring/luna/publish/"
SIGHT = "/admin/sight/luna/releases/"
NEW = "De 9:00 a 20:00."


@pytest.fixture
def careful(luna: Tenant) -> Tenant:
    """Release 1 is live, the hours are written anew, and two people publish."""
    publish(tenant=luna, by=COMMAND, sources=sources())
    write(luna, FLOW.replace("De 10:00 a 20:00.", NEW))
    Tenant.objects.filter(pk=luna.pk).update(needs_second_person=True)
    luna.refresh_from_db()
    return luna


def write(tenant: Tenant, text: str) -> None:
    flow = main_flow(tenant)
    assert flow is not None
    flows.save_draft(flow=flow, text=text, by=COMMAND)


def press(client: Client, do: str, **fields: str) -> str:
    """What the page says afterwards."""
    answer = client.post(f"{PAGE}go", {"do": do, **fields}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def number(tenant: Tenant) -> str:
    proposal = open_proposal(tenant)
    assert proposal is not None
    return str(proposal.pk)


def serials(tenant: Tenant) -> list[int]:
    return sorted(Release.objects.for_tenant(tenant).values_list("serial", flat=True))


def test_one_proposes_and_another_one_sees_it_and_publishes(careful: Tenant, people: dict[str, User]) -> None:
    one, other = client_of(people["publisher"]), client_of(people["owner"])
    shown = one.get(PAGE).content.decode()
    assert 'value="propose"' in shown
    assert 'value="publish"' not in shown
    assert "Proposed." in press(one, "propose", note="new hours")
    assert serials(careful) == [1]
    write(careful, FLOW)  # what is written later does not go out with it
    for page in (PAGE, SIGHT):
        looked = other.get(page).content.decode()
        for words in ("publisher@example.com proposed a release", "new hours", NEW, "Approve and publish", "Decline"):
            assert words in looked, (page, words)
    assert "publisher@example.com proposed a release." in other.get("/admin/authoring/luna/").content.decode()
    assert "Release 2 is on its way." in press(other, "approve", proposal=number(careful))
    live = live_release(careful)
    assert live is not None
    assert (live.created_by, live.approved_by) == (people["publisher"], people["owner"])
    assert NEW in live.flow_version.source
    assert open_proposal(careful) is None


def test_who_is_told_by_mail_is_said_as_it_is(careful: Tenant, people: dict[str, User], operator: User) -> None:
    assert operator.is_superuser, "she may publish as well, and is no member"
    told = "Whoever else may publish in this business finds it on this page, and gets a mail."
    nobody = "Nobody else in this business may publish: ask a platform operator to look at this page."
    jobs = Job.objects.filter(kind="proposal_letter")
    assert told in press(client_of(people["publisher"]), "propose")
    assert [job.payload["person"] for job in jobs] == [people["owner"].pk]
    Membership.objects.filter(user=people["owner"]).delete()
    jobs.delete()
    assert nobody in press(client_of(people["publisher"]), "propose", note="again")
    assert not jobs.exists()


def test_the_same_person_does_not_approve(careful: Tenant, people: dict[str, User]) -> None:
    one = client_of(people["publisher"])
    press(one, "propose")
    for page in (PAGE, SIGHT):
        looked = one.get(page).content.decode()
        assert "Approve and publish" not in looked
        assert "Withdraw" in looked
    assert "proposed a release" not in one.get("/admin/authoring/luna/").content.decode()
    assert "Another person than the one who proposed it" in press(one, "approve", proposal=number(careful))
    one.post("/admin/sight/luna/do/approve/", {"proposal": number(careful)})
    assert serials(careful) == [1]
    assert open_proposal(careful) is not None


def test_another_one_declines_and_nothing_goes_out(careful: Tenant, people: dict[str, User]) -> None:
    press(client_of(people["publisher"]), "propose")
    said = press(client_of(people["owner"]), "decline", proposal=number(careful))
    assert "Nothing was published." in said
    assert serials(careful) == [1]
    assert open_proposal(careful) is None
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.actor) == ("withdrew release", people["owner"])


@pytest.mark.parametrize("where", ["publish", "sight"])
def test_nobody_approves_what_she_has_not_seen(where: str, careful: Tenant, people: dict[str, User]) -> None:
    one, other = client_of(people["publisher"]), client_of(people["owner"])
    press(one, "propose")
    seen = number(careful)
    press(one, "propose", note="another one")
    for proposal in (seen, ""):
        if where == "publish":
            assert "was replaced by another one" in press(other, "approve", proposal=proposal)
        else:
            other.post("/admin/sight/luna/do/approve/", {"proposal": proposal})
    assert serials(careful) == [1]
    assert open_proposal(careful) is not None


@pytest.mark.parametrize("role", ["viewer", "editor"])
@pytest.mark.parametrize("do", ["propose", "approve", "decline"])
def test_below_publisher_nobody_does_any_of_it(do: str, role: str, careful: Tenant, people: dict[str, User]) -> None:
    press(client_of(people["publisher"]), "propose")
    before = number(careful)
    below = client_of(people[role])
    assert "Approve and publish" not in below.get(PAGE).content.decode()
    press(below, do, proposal=before)
    assert number(careful) == before
    assert Proposal.objects.for_tenant(careful).count() == 1
    assert serials(careful) == [1]


def test_publishing_alone_is_refused_through_the_same_door(careful: Tenant, people: dict[str, User]) -> None:
    assert "a second person publishes" in press(client_of(people["owner"]), "publish")
    assert serials(careful) == [1]


def test_what_is_not_ready_is_not_proposed(careful: Tenant, people: dict[str, User]) -> None:
    write(careful, BROKEN_FLOW)
    assert "Nothing was published: see what is not ready yet." in press(client_of(people["owner"]), "propose")
    assert open_proposal(careful) is None


def test_the_command_refuses_alone_and_says_how(careful: Tenant) -> None:
    with pytest.raises(CommandError, match="--without-second-person") as caught:
        call_command("publish", "luna", stdout=StringIO())
    assert caught.value.returncode == 1
    assert serials(careful) == [1]
    call_command("publish", "luna", "--without-second-person", stdout=StringIO())
    assert serials(careful) == [1, 2]
    assert AuditEntry.objects.latest("pk").details["without_second_person"] is True


def test_where_one_is_enough_nothing_is_proposed(luna: Tenant, people: dict[str, User]) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources())
    shown = client_of(people["owner"]).get(PAGE).content.decode()
    assert 'value="publish"' in shown
    assert 'value="propose"' not in shown
    call_command("publish", "luna", stdout=StringIO())
    assert "without_second_person" not in AuditEntry.objects.latest("pk").details
