"""A release waits for a second person: whoever may let it out is told by mail, its proposer what came of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from platform_admin.errors import ConflictError, HasFaultsError
from platform_admin.jobs.models import Job
from platform_admin.releases import actions, proposals
from platform_admin.releases.models import Proposal
from platform_admin.tenants.models import Membership, Role, Tenant, User
from platform_admin.worker.loop import Worker
from platform_admin.worker.registry import JOB_KINDS
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, sources

pytestmark = pytest.mark.django_db

PAGE = f"{settings.PUBLIC_URL}/admin/authoring/luna/publish/"


@pytest.fixture
def careful(luna: Tenant, sol: Tenant, people: dict[str, User]) -> Tenant:
    """Two people publish in it. Beside one person a role there is a second publisher, and an owner of another one."""
    actions.publish(tenant=luna, by=COMMAND, sources=sources())
    Tenant.objects.filter(pk=luna.pk).update(needs_second_person=True, language="en")
    member(luna, "second", Role.PUBLISHER)
    member(sol, "elsewhere", Role.OWNER)
    luna.refresh_from_db()
    return luna


def member(tenant: Tenant, name: str, role: Role) -> User:
    user = User.objects.create_user(f"{name}@example.com", "a long enough password")
    Membership.objects.create(tenant=tenant, user=user, role=role)
    return user


def work() -> list[EmailMessage]:
    """The worker does what is due; the mails that left."""
    before = len(mail.outbox)
    Worker([kind for kind in JOB_KINDS if kind.name == "proposal_letter"], holder="a", now=timezone.now).step()
    return sorted(mail.outbox[before:], key=lambda message: message.to)


def receivers(messages: list[EmailMessage]) -> list[str]:
    return [address for message in messages for address in message.to]


def test_whoever_may_let_it_out_is_told_and_nobody_else(careful: Tenant, people: dict[str, User]) -> None:
    proposals.propose(tenant=careful, by=people["publisher"], note="new hours")
    told = work()
    assert receivers(told) == ["owner@example.com", "second@example.com"]
    assert {message.subject for message in told} == {"Peluquería Luna: a release waits for you"}
    said = (
        "publisher@example.com proposed a release of Peluquería Luna. It goes out once a second person has approved it."
    )
    bodies = {str(message.body) for message in told}
    assert bodies == {f"{said}\n\nNote: new hours\n\nLook at it here:\n\n{PAGE}\n"}
    assert work() == [], "once"


def test_the_mail_is_in_the_language_of_the_business(careful: Tenant, people: dict[str, User]) -> None:
    Tenant.objects.update(language="es")
    proposals.propose(tenant=careful, by=people["publisher"])
    assert {message.subject for message in work()} == {"Peluquería Luna: hay una versión que te espera"}


def test_a_mail_that_was_tried_again_goes_to_one_person_alone(careful: Tenant, people: dict[str, User]) -> None:
    proposals.propose(tenant=careful, by=people["publisher"])
    assert sorted(Job.objects.filter(kind="proposal_letter").values_list("payload__person", flat=True)) == sorted(
        [people["owner"].pk, User.objects.get(email="second@example.com").pk]
    )


def approve(proposal: Proposal, by: User) -> object:
    return proposals.approve(proposal=proposal, by=by)


def withdraw(proposal: Proposal, by: User) -> object:
    return proposals.withdraw(proposal=proposal, by=by)


type Verb = Callable[[Proposal, User], object]

DECIDED: dict[str, tuple[Verb, str, str]] = {
    "approved": (
        approve,
        "Peluquería Luna: your release is published",
        "owner@example.com approved what you proposed. It is published as release 2.",
    ),
    "declined": (
        withdraw,
        "Peluquería Luna: your release was not published",
        "owner@example.com declined what you proposed. Nothing was published; all drafts are still there.",
    ),
}


@pytest.mark.parametrize(("decide", "subject", "said"), DECIDED.values(), ids=DECIDED)
def test_who_proposed_it_is_told_what_came_of_it(
    decide: Verb, subject: str, said: str, careful: Tenant, people: dict[str, User]
) -> None:
    proposal = proposals.propose(tenant=careful, by=people["publisher"])
    work()
    decide(proposal, people["owner"])
    (told,) = work()
    assert (told.to, told.subject) == (["publisher@example.com"], subject)
    assert told.body == f"{said}\n\nLook at it here:\n\n{PAGE}\n"


def test_who_takes_back_her_own_is_told_nothing(careful: Tenant, people: dict[str, User]) -> None:
    proposal = proposals.propose(tenant=careful, by=people["publisher"])
    work()
    withdraw(proposal, people["publisher"])
    assert work() == []


def test_who_proposed_it_is_told_when_another_one_takes_its_place(careful: Tenant, people: dict[str, User]) -> None:
    proposals.propose(tenant=careful, by=people["publisher"], note="new hours")
    work()
    proposals.propose(tenant=careful, by=people["owner"])
    told = {(message.to[0], message.subject): message.body for message in work()}
    waits = "Peluquería Luna: a release waits for you"
    replaced = ("publisher@example.com", "Peluquería Luna: another release was proposed instead of yours")
    assert set(told) == {("publisher@example.com", waits), ("second@example.com", waits), replaced}
    said = "owner@example.com proposed a newer release, and it took the place of yours. Yours was not published."
    assert told[replaced] == f"{said}\n\nNote: new hours\n\nLook at it here:\n\n{PAGE}\n"
    assert work() == [], "once"


def test_a_second_replacement_is_not_told_to_who_was_replaced_first(careful: Tenant, people: dict[str, User]) -> None:
    for proposer in ("publisher", "owner"):
        proposals.propose(tenant=careful, by=people[proposer])
    work()
    proposals.propose(tenant=careful, by=User.objects.get(email="second@example.com"))
    replaced = [message for message in work() if "instead of yours" in message.subject]
    assert receivers(replaced) == ["owner@example.com"]


def test_who_replaces_her_own_is_told_nothing(careful: Tenant, people: dict[str, User]) -> None:
    proposals.propose(tenant=careful, by=people["publisher"])
    work()
    proposals.propose(tenant=careful, by=people["publisher"], note="again")
    assert receivers(work()) == ["owner@example.com", "second@example.com"]


def test_who_left_meanwhile_is_not_told_that_hers_was_replaced(careful: Tenant, people: dict[str, User]) -> None:
    proposals.propose(tenant=careful, by=people["publisher"])
    work()
    Membership.objects.filter(user=people["publisher"]).delete()
    proposals.propose(tenant=careful, by=people["owner"])
    assert receivers(work()) == ["second@example.com"]


def test_what_was_decided_before_the_mail_left_waits_for_nobody(careful: Tenant, people: dict[str, User]) -> None:
    withdraw(proposals.propose(tenant=careful, by=people["publisher"]), people["publisher"])
    assert work() == []


def test_who_lost_the_role_meanwhile_is_not_asked(careful: Tenant, people: dict[str, User]) -> None:
    proposals.propose(tenant=careful, by=people["publisher"])
    Membership.objects.filter(user=people["owner"]).update(role=Role.VIEWER)
    User.objects.filter(email="second@example.com").update(is_active=False)
    assert work() == []


def test_nobody_is_told_of_what_came_to_nothing(careful: Tenant, people: dict[str, User]) -> None:
    draft = careful.flows.get().draft
    type(draft).objects.for_tenant(careful).update(text=BROKEN_FLOW)
    with pytest.raises(HasFaultsError):
        proposals.propose(tenant=careful, by=people["publisher"])
    assert not Job.objects.filter(kind="proposal_letter").exists()


def test_a_second_approval_that_is_refused_tells_nothing_anew(careful: Tenant, people: dict[str, User]) -> None:
    proposal = proposals.propose(tenant=careful, by=people["publisher"])
    approve(proposal, people["owner"])
    work()
    with pytest.raises(ConflictError):
        approve(proposal, User.objects.get(email="second@example.com"))
    assert work() == []
