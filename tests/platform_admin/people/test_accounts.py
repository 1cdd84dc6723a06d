"""Sessions that people see and end, tokens, and what operators do about people."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from platform_admin.people.models import Invitation, PersonSession
from platform_admin.people.sessions import IDLE, IDLE_OPERATOR, SEEN_EVERY, WHOLE
from platform_admin.tenants.models import AuditEntry, Membership, RuntimeToken, Scope, Tenant, User
from tests.platform_admin.people.mailroom import PASSWORD, deliver, path_in, path_of
from tests.platform_admin.people.second_step import with_app

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"


def signed_in(email: str, device: str = "", address: str = "203.0.113.9") -> Client:
    client = Client(headers={"User-Agent": device}, REMOTE_ADDR=address)
    assert client.post("/sign-in/", {"username": email, "password": PASSWORD}).status_code == 302
    return client


def text_of(client: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


def test_a_person_sees_where_they_are_signed_in(people: dict[str, User]) -> None:
    here = signed_in("editor@example.com", "curl/8")
    signed_in("editor@example.com", PHONE, "198.51.100.7")
    signed_in("owner@example.com", "lynx/2")
    page = text_of(here, "/account/")
    assert "curl This one 203.0.113.9" in page
    assert "Safari, iPhone 198.51.100.7" in page
    assert "lynx" not in page


def test_one_session_is_ended_and_no_other(people: dict[str, User]) -> None:
    here, phone, other = (
        signed_in("editor@example.com"),
        signed_in("editor@example.com", PHONE),
        signed_in("owner@example.com"),
    )
    (address,) = re.findall(r'action="(/account/sessions/[0-9a-f]+/end/)"', here.get("/account/").content.decode())
    assert other.post(address).status_code == 404
    assert phone.get("/account/").status_code == 200
    assert here.post(address)["Location"] == "/account/"
    assert phone.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert here.post(address).status_code == 404


def test_all_others_are_ended_at_once(people: dict[str, User]) -> None:
    here, *others = (signed_in("editor@example.com") for _ in range(3))
    stranger = signed_in("owner@example.com")
    here.post("/account/sessions/end-others/")
    assert [client.get("/account/").status_code for client in (here, *others, stranger)] == [200, 302, 302, 200]


def test_the_key_of_a_session_is_on_no_page(people: dict[str, User]) -> None:
    here = signed_in("editor@example.com")
    signed_in("editor@example.com")
    page = here.get("/account/").content.decode()
    assert not [key for key in PersonSession.objects.values_list("session_key", flat=True) if key in page]


@pytest.mark.parametrize(("who", "idle"), [("editor", IDLE), ("operator", IDLE_OPERATOR)])
def test_a_session_that_nobody_uses_ends(who: str, idle: timedelta, people: dict[str, User], operator: User) -> None:
    signed_in(f"{who}@example.com")
    row = PersonSession.objects.get(user__email=f"{who}@example.com")
    assert abs(row.expire_date - timezone.now() - idle) < timedelta(minutes=1)


def test_a_session_in_use_is_seen_every_few_minutes_and_costs_no_write_between(people: dict[str, User]) -> None:
    here = signed_in("editor@example.com")
    first = PersonSession.objects.get(user=people["editor"]).seen_at
    here.get("/account/")
    assert PersonSession.objects.get(user=people["editor"]).seen_at == first
    session = here.session
    session["seen_at"] = (timezone.now() - SEEN_EVERY).isoformat()
    session.save()
    here.get("/account/")
    assert PersonSession.objects.get(user=people["editor"]).seen_at != first


def test_no_session_lasts_longer_than_a_month(people: dict[str, User]) -> None:
    here = signed_in("editor@example.com")
    session = here.session
    session["began_at"] = (timezone.now() - WHOLE).isoformat()
    session.save()
    assert here.get("/account/")["Location"] == "/sign-in/?next=/account/"
    assert not PersonSession.objects.filter(user=people["editor"]).exists()


def test_signing_in_takes_a_new_key(people: dict[str, User]) -> None:
    client = Client()
    client.get("/invitation/nothing/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    client.post("/sign-in/", {"username": "editor@example.com", "password": PASSWORD})
    assert client.cookies["sessionid"].value != session.session_key
    assert not PersonSession.objects.filter(session_key=session.session_key).exists()


# The people of a business, as its owner sees them.


def test_an_owner_sees_her_people_and_changes_a_role(luna: Tenant, people: dict[str, User]) -> None:
    owner = signed_in("owner@example.com")
    assert "viewer@example.com" in text_of(owner, "/team/luna/")
    owner.post(f"/team/luna/people/{people['viewer'].pk}/role/", {"role": "editor"})
    assert Membership.objects.get(user=people["viewer"]).role == "editor"
    owner.post(f"/team/luna/people/{people['viewer'].pk}/remove/")
    assert not Membership.objects.filter(user=people["viewer"]).exists()


def test_a_refusal_is_told_on_the_page(luna: Tenant, people: dict[str, User]) -> None:
    owner = signed_in("owner@example.com")
    owner.post(f"/team/luna/people/{people['owner'].pk}/role/", {"role": "viewer"})
    assert "Peluquería Luna would have no owner left." in text_of(owner, "/team/luna/")
    assert Membership.objects.get(user=people["owner"]).role == "owner"


def test_a_colleague_sees_names_and_no_buttons(luna: Tenant, people: dict[str, User]) -> None:
    page = signed_in("viewer@example.com").get("/team/luna/").content.decode()
    assert "owner@example.com" in page
    assert "/team/luna/invite/" not in page
    assert f"/team/luna/people/{people['owner'].pk}/role/" not in page


def test_another_business_looks_like_one_that_never_was(luna: Tenant, sol: Tenant, people: dict[str, User]) -> None:
    owner = signed_in("owner@example.com")
    for page in ("", "tokens/"):
        theirs, never = owner.get(f"/team/sol/{page}"), owner.get(f"/team/never/{page}")
        assert (theirs.status_code, never.status_code) == (404, 404)
    answer = owner.post("/team/sol/invite/", {"email": "eve@example.com", "role": "owner"})
    assert answer.status_code == 404
    assert not Invitation.objects.for_tenant(sol).exists()


# Tokens.


def test_an_owner_makes_a_token_for_one_purpose_and_revokes_it(luna: Tenant, people: dict[str, User]) -> None:
    owner = signed_in("owner@example.com")
    page = owner.post(
        "/team/luna/tokens/issue/", {"label": "night watch", "scopes": ["bundle"], "days": "30"}
    ).content.decode()
    (token,) = re.findall(r">(fdrt_[\w-]+)<", page)
    row = RuntimeToken.objects.for_tenant(luna).get(label="night watch")
    assert row.scopes == [str(Scope.BUNDLE)]
    assert row.expires_at is not None
    assert abs(row.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    listed = owner.get("/team/luna/tokens/").content.decode()
    assert token not in listed
    assert "Fetch releases" in listed
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/runtime/v1/tenants/luna/keys", headers=headers).status_code == 200
    assert Client().post("/api/runtime/v1/tenants/luna/report", headers=headers).status_code == 403
    owner.post(f"/team/luna/tokens/{row.pk}/revoke/")
    assert Client().get("/api/runtime/v1/tenants/luna/keys", headers=headers).json()["error"] == "revoked_token"
    assert "night watch" not in owner.get("/team/luna/tokens/").content.decode()


@pytest.mark.parametrize("role", ["viewer", "editor", "publisher"])
def test_below_owner_nobody_sees_or_makes_tokens(role: str, luna: Tenant, people: dict[str, User]) -> None:
    client, before = signed_in(f"{role}@example.com"), RuntimeToken.objects.for_tenant(luna).count()
    assert client.get("/team/luna/tokens/").status_code == 403
    form = {"label": "x", "scopes": ["bundle"], "days": "1"}
    assert client.post("/team/luna/tokens/issue/", form).status_code == 403
    token = RuntimeToken.objects.for_tenant(luna).first()
    assert token is not None
    assert client.post(f"/team/luna/tokens/{token.pk}/revoke/").status_code == 403
    assert RuntimeToken.objects.for_tenant(luna).filter(revoked_at=None).count() == before


# Operators about people.


def test_an_operator_invites_another_by_mail(as_operator: Client) -> None:
    as_operator.post("/admin/tenants/user/add/", {"email": "Ben@Example.com", "name": "Ben"})
    ben = User.objects.get(email="ben@example.com")
    assert (ben.is_superuser, ben.is_staff, ben.has_usable_password()) == (True, True, False)
    (letter,) = deliver()
    assert letter.to == ["ben@example.com"]
    client = Client()
    client.post(client.get(path_of(letter))["Location"], {"password": PASSWORD, "again": PASSWORD})
    ben.refresh_from_db()
    assert ben.check_password(PASSWORD)


def test_an_operator_lets_nobody_in_any_more(as_operator: Client, people: dict[str, User]) -> None:
    theirs = signed_in("viewer@example.com")
    as_operator.post(f"/admin/tenants/user/{people['viewer'].pk}/change/", {"name": "V"})
    people["viewer"].refresh_from_db()
    assert not people["viewer"].is_active
    assert theirs.get("/account/").status_code == 302


def test_the_admin_tells_when_an_owner_cannot_go(as_operator: Client, people: dict[str, User]) -> None:
    address = f"/admin/tenants/user/{people['owner'].pk}/change/"
    page = as_operator.post(address, {"name": "O"}, follow=True).content.decode()
    assert "would have no owner left" in page
    people["owner"].refresh_from_db()
    assert people["owner"].is_active


ACTIONS = {"send_link": "A new password", "reset_second_factor": "Second step turned off", "sign_out": None}


@pytest.mark.parametrize(("action", "subject"), ACTIONS.items())
def test_an_operator_helps_somebody_who_is_locked_out(
    action: str, subject: str | None, as_operator: Client, people: dict[str, User]
) -> None:
    with_app(people["editor"])
    deliver()
    as_operator.post("/admin/tenants/user/", {"action": action, "_selected_action": [people["editor"].pk]})
    assert [letter.subject for letter in deliver()] == ([subject] if subject else [])


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_recover_account_prints_a_link_and_removes_the_second_factor_when_asked(people: dict[str, User]) -> None:
    with_app(people["editor"])
    run("recover_account", "editor@example.com")
    assert hasattr(User.objects.get(email="editor@example.com"), "authenticator")
    told = json.loads(run("recover_account", "Editor@example.com", "--second-factor", "--json"))
    assert told["second_factor_removed"] is True
    assert not hasattr(User.objects.get(email="editor@example.com"), "authenticator")
    client = Client()
    client.post(
        client.get(path_in(told["link"]))["Location"], {"password": "one more password", "again": "one more password"}
    )
    assert User.objects.get(email="editor@example.com").check_password("one more password")


def test_recover_account_as_a_trial_changes_nothing(people: dict[str, User]) -> None:
    with_app(people["editor"])
    before = AuditEntry.objects.count()
    told = json.loads(run("recover_account", "editor@example.com", "--second-factor", "--json", "--dry-run"))
    assert "link" not in told
    assert hasattr(User.objects.get(email="editor@example.com"), "authenticator")
    assert AuditEntry.objects.count() == before


def test_recover_account_knows_whom_it_knows(db: None) -> None:
    with pytest.raises(CommandError) as caught:
        run("recover_account", "nobody@example.com")
    assert caught.value.returncode == 1


def test_the_command_invites_by_mail_or_prints_the_link(luna: Tenant) -> None:
    run("invite", "luna", "ana@example.com")
    assert [letter.to for letter in deliver()] == [["ana@example.com"]]
    told = json.loads(run("invite", "luna", "eve@example.com", "--role", "editor", "--print-link", "--json"))
    assert (told["role"], deliver()) == ("editor", [])
    assert Client().get(path_in(told["link"])).status_code == 302
    run("invite", "luna", "mia@example.com", "--print-link", "--dry-run")
    assert not Invitation.objects.for_tenant(luna).filter(email="mia@example.com").exists()
