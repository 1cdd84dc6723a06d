"""Inviting somebody: who may, what the mail says, what the link does, and what nobody learns."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import getaddresses
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from platform_admin.errors import AlreadyThereError, LimitReachedError, NotAllowedError
from platform_admin.jobs.models import Job
from platform_admin.people.actions.invitations import MOST_OPEN, invite, send_again, withdraw
from platform_admin.people.actions.memberships import remove_member, set_role
from platform_admin.people.doors import LINK_ADDRESS
from platform_admin.people.models import Invitation
from platform_admin.tenants.models import AuditEntry, Membership, Role, Tenant, User
from tests.platform_admin.people.mailroom import PASSWORD, deliver, path_of

pytestmark = pytest.mark.django_db

NEW = "ana@example.com"


def invited(tenant: Tenant, by: User, email: str = NEW, role: Role = Role.EDITOR) -> str:
    """Invite and deliver; the path of the link."""
    invite(tenant=tenant, email=email, role=role, by=by, now=timezone.now())
    return path_of(deliver()[-1])


def accept_as_new(client: Client, path: str, password: str = PASSWORD) -> tuple[int, str]:
    first = client.get(path)
    if first.status_code != 302:
        return first.status_code, ""
    answer = client.post(first["Location"], {"name": "Ana", "password": password, "again": password})
    return answer.status_code, answer.get("Location", "")


def test_a_new_person_sets_name_and_password_and_is_in(luna: Tenant, people: dict[str, User], client: Client) -> None:
    assert accept_as_new(client, invited(luna, people["owner"])) == (302, "/admin/authoring/")
    ana = User.objects.get(email=NEW)
    assert (ana.name, ana.is_staff, ana.is_superuser) == ("Ana", False, False)
    assert Membership.objects.get(user=ana).role == Role.EDITOR
    assert client.get("/account/").status_code == 200


def test_the_mail_is_in_the_language_of_the_business_and_plain(luna: Tenant, people: dict[str, User]) -> None:
    invited(luna, people["owner"])
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("Invitación a Peluquería Luna", [NEW])
    assert "owner@example.com te invita" in str(letter.body)
    assert not getattr(letter, "alternatives", [])
    Tenant.objects.update(language="en")
    luna.refresh_from_db()
    invited(luna, people["owner"], "eve@example.com")
    assert mail.outbox[-1].subject == "Invitation to Peluquería Luna"


def test_the_link_works_once(luna: Tenant, people: dict[str, User]) -> None:
    path = invited(luna, people["owner"])
    accept_as_new(Client(), path)
    assert accept_as_new(Client(), path, "some other password")[0] == 404
    assert User.objects.get(email=NEW).check_password(PASSWORD)


def words(page: bytes) -> str:
    """The page without its tags and attributes: the address it was asked under stands in one of them."""
    return re.sub(r"<[^>]+>", " ", page.decode())


GONE = {
    "withdrawn": {"revoked_at": timezone.now()},
    "past its time": {"expires_at": timezone.now() - timedelta(seconds=1)},
}


@pytest.mark.parametrize("change", GONE.values(), ids=GONE)
@pytest.mark.parametrize("opened_before", [False, True])
def test_a_link_that_is_no_longer_good_changes_nothing(
    change: dict[str, object], opened_before: bool, luna: Tenant, people: dict[str, User], client: Client
) -> None:
    path = invited(luna, people["owner"])
    if opened_before:
        client.get(path)
    Invitation.objects.for_tenant(luna).update(**change)
    page = "/invitation/" if opened_before else path
    bad = (
        client.post(page, {"name": "Ana", "password": PASSWORD, "again": PASSWORD})
        if opened_before
        else client.get(page)
    )
    never = Client().get("/invitation/never-was-one/")
    assert (bad.status_code, never.status_code) == (404, 404)
    assert words(bad.content) == words(never.content)
    assert not User.objects.filter(email=NEW).exists()


def test_the_token_is_stored_as_a_hash_and_waits_nowhere_in_clear(luna: Tenant, people: dict[str, User]) -> None:
    invite(tenant=luna, email=NEW, role=Role.EDITOR, by=people["owner"], now=timezone.now())
    assert Invitation.objects.for_tenant(luna).get().digest is None
    waiting = str(list(Job.objects.values_list("payload", flat=True)))
    token = path_of(deliver()[0]).split("/")[2]
    row = Invitation.objects.for_tenant(luna).get()
    assert token not in waiting
    assert token not in str(vars(row))
    assert token not in str(list(AuditEntry.objects.values_list()))


def test_sending_again_ends_the_first_link_and_gives_seven_more_days(luna: Tenant, people: dict[str, User]) -> None:
    first = invited(luna, people["owner"])
    row = Invitation.objects.for_tenant(luna).get()
    Invitation.objects.for_tenant(luna).update(expires_at=timezone.now() - timedelta(days=1))
    now = timezone.now()
    send_again(tenant=luna, pk=row.pk, by=people["owner"], now=now)
    second = path_of(deliver()[-1])
    assert Invitation.objects.for_tenant(luna).get().expires_at == now + timedelta(days=7)
    assert accept_as_new(Client(), first)[0] == 404
    assert accept_as_new(Client(), second)[0] == 302


def test_an_account_signs_in_first_and_then_accepts(luna: Tenant, people: dict[str, User], client: Client) -> None:
    path = invited(luna, people["owner"], "stranger@example.com", Role.PUBLISHER)
    asked = client.get(client.get(path)["Location"])["Location"]
    assert asked == "/sign-in/?next=/invitation/"
    credentials = {"username": "stranger@example.com", "password": PASSWORD, "next": "/invitation/"}
    assert client.post("/sign-in/", credentials)["Location"] == "/invitation/"
    assert "Peluquería Luna" in client.get("/invitation/").content.decode()
    assert not Membership.objects.filter(user=people["stranger"]).exists()
    assert client.post("/invitation/")["Location"] == "/admin/authoring/"
    assert Membership.objects.get(user=people["stranger"]).role == Role.PUBLISHER


def test_somebody_else_who_is_signed_in_cannot_take_it(luna: Tenant, people: dict[str, User], client: Client) -> None:
    path = invited(luna, people["owner"])
    client.force_login(people["stranger"])
    page = client.get(path, follow=True).content.decode()
    assert "signed in as stranger@example.com" in page
    client.post("/invitation/")
    assert not Membership.objects.filter(user=people["stranger"]).exists()
    assert Invitation.objects.for_tenant(luna).get().accepted_at is None


def test_an_owner_who_accepts_a_lower_role_stays_owner(luna: Tenant, people: dict[str, User], client: Client) -> None:
    path = invited(luna, people["owner"], "stranger@example.com", Role.VIEWER)
    set_role(tenant=luna, user=people["stranger"], role=Role.OWNER, by=people["owner"])
    client.force_login(people["stranger"])
    client.get(path)
    client.post("/invitation/")
    assert Membership.objects.get(user=people["stranger"]).role == Role.OWNER


@pytest.mark.parametrize("role", ["stranger", "viewer", "editor", "publisher"])
def test_below_owner_nobody_invites_sends_again_or_withdraws(role: str, luna: Tenant, people: dict[str, User]) -> None:
    invited(luna, people["owner"])
    before, mails = list(Invitation.objects.for_tenant(luna).values()), len(mail.outbox)
    pk, now, by = before[0]["id"], timezone.now(), people[role]
    with pytest.raises(NotAllowedError):
        invite(tenant=luna, email="eve@example.com", role=Role.VIEWER, by=by, now=now)
    with pytest.raises(NotAllowedError):
        send_again(tenant=luna, pk=pk, by=by, now=now)
    with pytest.raises(NotAllowedError):
        withdraw(tenant=luna, pk=pk, by=by, now=now)
    deliver()
    assert (list(Invitation.objects.for_tenant(luna).values()), len(mail.outbox)) == (before, mails)


def test_who_is_no_owner_any_more_leaves_no_open_invitation(luna: Tenant, people: dict[str, User]) -> None:
    set_role(tenant=luna, user=people["editor"], role=Role.OWNER, by=people["owner"])
    path = invited(luna, people["editor"])
    remove_member(tenant=luna, user=people["editor"], by=people["owner"])
    assert accept_as_new(Client(), path)[0] == 404


def test_a_member_is_not_invited_again(luna: Tenant, people: dict[str, User]) -> None:
    with pytest.raises(AlreadyThereError):
        invite(tenant=luna, email="Editor@example.com", role=Role.OWNER, by=people["owner"], now=timezone.now())
    assert Membership.objects.get(user=people["editor"]).role == Role.EDITOR
    assert not Job.objects.exists()


def test_one_invitation_is_open_for_an_address_whatever_its_case(luna: Tenant, people: dict[str, User]) -> None:
    for email, role in ((NEW, Role.EDITOR), ("Ana@Example.com", Role.VIEWER)):
        invite(tenant=luna, email=email, role=role, by=people["owner"], now=timezone.now())
    row = Invitation.objects.for_tenant(luna).get()
    assert (row.email, row.role) == (NEW, Role.VIEWER)


def test_invitations_are_bounded(luna: Tenant, people: dict[str, User]) -> None:
    for number in range(MOST_OPEN):
        invite(tenant=luna, email=f"p{number}@example.com", role=Role.VIEWER, by=people["owner"], now=timezone.now())
    with pytest.raises(LimitReachedError):
        invite(tenant=luna, email=NEW, role=Role.VIEWER, by=people["owner"], now=timezone.now())


def test_the_page_says_the_same_whether_the_address_has_an_account(luna: Tenant, people: dict[str, User]) -> None:
    pages = set()
    for email in ("stranger@example.com", NEW):
        client = Client()
        client.force_login(people["owner"])
        page = client.post("/team/luna/invite/", {"email": email, "role": "viewer"}, follow=True).content.decode()
        assert f"An invitation is on its way to {email}." in page
        row = Invitation.objects.for_tenant(luna).get()
        pages.add(page.count('<div class="row">'))
        row.delete()
    assert len(pages) == 1


def test_guessing_links_ends(db: None, client: Client) -> None:
    for _ in range(LINK_ADDRESS.most):
        assert client.get("/invitation/guess/").status_code == 404
    assert client.get("/invitation/guess/").status_code == 429


def addresses(folder: Path, name: str) -> list[str]:
    text = (folder / "security" / "email" / f"fuzzdb_{name}_addresses.txt").read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line]


def test_what_is_no_address_gets_no_mail(shared_data: Path, luna: Tenant, people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["owner"])
    # Spaces around an address are typed by accident: they are taken off.
    mended = {"notallowed@example.com"}
    # The list calls it none, but RFC 5322 allows each of its characters.
    mended.add("sql'or'1'='1'or'test@email.com")
    for email in addresses(shared_data, "invalid"):
        client.post("/team/luna/invite/", {"email": email, "role": "viewer"})
    assert set(Invitation.objects.for_tenant(luna).values_list("email", flat=True)) == mended
    assert {letter.to[0] for letter in deliver()} == mended


def test_every_address_that_is_taken_is_one_recipient(shared_data: Path, luna: Tenant, people: dict[str, User]) -> None:
    taken = 0
    for email in addresses(shared_data, "valid"):
        try:
            invite(tenant=luna, email=email, role=Role.VIEWER, by=people["owner"], now=timezone.now())
        except ValidationError:
            continue
        taken += 1
        (letter,) = deliver()
        header = str(letter.message()["To"])
        assert len(getaddresses([header])) == 1, email
        assert "\n" not in header, email
    assert taken == 22


def test_a_business_whose_name_breaks_lines_breaks_no_header(luna: Tenant, people: dict[str, User]) -> None:
    Tenant.objects.filter(pk=luna.pk).update(name="Luna\nBcc: eve@example.com")
    luna.refresh_from_db()
    invited(luna, people["owner"])
    assert mail.outbox[-1].subject == "Invitación a Luna Bcc: eve@example.com"
    assert mail.outbox[-1].recipients() == [NEW]
