from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from flow_engine.bundle import open_bundle
from flow_engine.bundle.signing import SigningKey
from flow_engine.vocabulary import JSONObject
from platform_admin.commands.models import RuntimeCommand
from platform_admin.errors import ConflictError, HasFaultsError, NotAllowedError, NotThereError, SecondPersonNeededError
from platform_admin.releases import actions, proposals
from platform_admin.releases.models import Proposal, Release
from platform_admin.releases.queries import live_release, open_proposal, staged_release
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW, sources
from tests.platform_admin.reports import report, send

pytestmark = pytest.mark.django_db

PHONES = ["34600000001", "34600000002"]


@pytest.fixture
def live(luna: Tenant) -> Release:
    return actions.publish(tenant=luna, by=COMMAND, sources=sources())


def stage(luna: Tenant, flow: str = FLOW + "# newer\n") -> Release:
    return actions.stage(tenant=luna, contacts=PHONES, by=COMMAND, sources=sources(flow))


def staged_contacts(release: Release) -> frozenset[str] | None:
    key = SigningKey.from_pem(settings.SIGNING_KEY_FILE.read_bytes()).public_key
    envelope = bytes(release.envelope)
    return open_bundle(envelope, public_keys=[key], tenant="luna", floor_serial=0, floor_digest=None).staged


def test_what_is_staged_is_for_its_contacts_and_leaves_live_what_is_live(luna: Tenant, live: Release) -> None:
    staged = stage(luna)
    assert (staged.serial, staged_contacts(staged)) == (2, frozenset(PHONES))
    assert live_release(luna) == live
    assert staged_release(luna) == staged
    assert staged_contacts(live) is None


def test_a_runtime_is_told_of_it_and_can_fetch_it(client: Client, luna: Tenant, live: Release) -> None:
    token = issue_runtime_token(tenant=luna, by=COMMAND).clear
    headers = {"Authorization": f"Bearer {token}"}
    url = "/api/runtime/v1/tenants/luna/staged-bundle"
    assert client.get(url, headers=headers).status_code == 404
    staged = stage(luna)
    answer = client.get(url, headers=headers)
    assert (answer.status_code, answer.content) == (200, bytes(staged.envelope))
    assert client.get(url, headers={**headers, "If-None-Match": answer["ETag"]}).status_code == 304
    said = send(client, token, report()).json()
    assert (said["serial"], said["staged_serial"]) == (1, 2)


def test_promoting_gives_the_staged_content_to_everybody_under_a_new_serial(luna: Tenant, live: Release) -> None:
    staged = stage(luna)
    promoted = actions.promote(tenant=luna, by=COMMAND)
    assert (promoted.serial, promoted.flow_version) == (3, staged.flow_version)
    assert staged_contacts(promoted) is None
    assert live_release(luna) == promoted
    assert staged_release(luna) is None


def test_publishing_over_it_ends_what_is_staged(luna: Tenant, live: Release) -> None:
    stage(luna)
    actions.publish(tenant=luna, by=COMMAND)
    assert staged_release(luna) is None
    with pytest.raises(NotThereError):
        actions.promote(tenant=luna, by=COMMAND)


def test_what_is_staged_can_be_put_away(luna: Tenant, live: Release) -> None:
    stage(luna)
    actions.discard_staged(tenant=luna, by=COMMAND)
    assert staged_release(luna) is None
    assert RuntimeCommand.objects.for_tenant(luna).get().kind == "discard_staged"
    with pytest.raises(NotThereError):
        actions.discard_staged(tenant=luna, by=COMMAND)


def test_nobody_goes_back_to_what_only_test_contacts_had(luna: Tenant, live: Release) -> None:
    stage(luna)
    with pytest.raises(NotThereError):
        actions.rollback(tenant=luna, to_serial=2, by=COMMAND)


def test_what_has_faults_is_not_staged(luna: Tenant, live: Release) -> None:
    with pytest.raises(HasFaultsError):
        stage(luna, BROKEN_FLOW)
    assert staged_release(luna) is None
    assert Release.objects.for_tenant(luna).count() == 1


@pytest.fixture
def careful(luna: Tenant, live: Release) -> Tenant:
    """A tenant in which two people publish."""
    Tenant.objects.filter(pk=luna.pk).update(needs_second_person=True)
    luna.refresh_from_db()
    return luna


def test_one_person_alone_does_not_publish_there(careful: Tenant, people: dict[str, User]) -> None:
    stage(careful)
    for alone in (actions.publish, actions.promote):
        with pytest.raises(SecondPersonNeededError):
            alone(tenant=careful, by=people["owner"])
    assert live_release(careful) is not None
    assert Release.objects.for_tenant(careful).count() == 2


def test_another_person_lets_out_exactly_what_was_proposed(careful: Tenant, people: dict[str, User]) -> None:
    proposal = proposals.propose(tenant=careful, by=people["publisher"], note="new hours")
    actions.check_release(tenant=careful, by=people["viewer"])
    pinned = proposal.flow_version
    with pytest.raises(NotAllowedError, match="Another person"):
        proposals.approve(proposal=proposal, by=people["publisher"])
    release = proposals.approve(proposal=proposal, by=people["owner"])
    assert (release.flow_version, release.note) == (pinned, "new hours")
    assert (release.created_by, release.approved_by) == (people["publisher"], people["owner"])
    assert live_release(careful) == release
    assert AuditEntry.objects.filter(verb="published", actor=people["owner"]).count() == 1
    with pytest.raises(ConflictError):
        proposals.approve(proposal=proposal, by=people["owner"])
    assert Release.objects.for_tenant(careful).count() == 2


@pytest.mark.parametrize("role", ["stranger", "viewer", "editor"])
def test_below_publisher_nobody_proposes_or_approves(role: str, careful: Tenant, people: dict[str, User]) -> None:
    with pytest.raises(NotAllowedError):
        proposals.propose(tenant=careful, by=people[role])
    proposal = proposals.propose(tenant=careful, by=people["owner"])
    for verb in (proposals.approve, proposals.withdraw):
        with pytest.raises(NotAllowedError):
            verb(proposal=proposal, by=people[role])
    assert open_proposal(careful) == proposal
    assert Release.objects.for_tenant(careful).count() == 1


def test_a_proposal_can_be_withdrawn_and_is_replaced_by_the_next(careful: Tenant, people: dict[str, User]) -> None:
    first = proposals.propose(tenant=careful, by=people["owner"])
    second = proposals.propose(tenant=careful, by=people["publisher"])
    assert open_proposal(careful) == second
    with pytest.raises(ConflictError):
        proposals.approve(proposal=first, by=people["publisher"])
    proposals.withdraw(proposal=second, by=people["owner"])
    assert open_proposal(careful) is None
    assert not Proposal.objects.for_tenant(careful).filter(state=Proposal.State.APPROVED).exists()


def test_going_back_needs_one_person_even_there(careful: Tenant, people: dict[str, User]) -> None:
    assert actions.rollback(tenant=careful, to_serial=1, by=people["publisher"]).serial == 2


def test_what_becomes_of_people_in_deleted_steps_is_signed_and_going_back_forgets_it(luna: Tenant) -> None:
    actions.publish(tenant=luna, by=COMMAND, sources=sources())
    gone: JSONObject = {"OLD": {"do": "move", "to": "MENU"}}
    release = actions.publish(tenant=luna, by=COMMAND, sources=sources(FLOW + "#\n"), people_in_flight=gone)
    assert release.people_in_flight == gone
    assert actions.rollback(tenant=luna, to_serial=2, by=COMMAND).people_in_flight == {}


def test_a_word_about_people_that_no_runtime_understands_is_refused(luna: Tenant) -> None:
    with pytest.raises(HasFaultsError):
        actions.publish(tenant=luna, by=COMMAND, sources=sources(), people_in_flight={"OLD": {"do": "vanish"}})
    assert not Release.objects.for_tenant(luna).exists()
