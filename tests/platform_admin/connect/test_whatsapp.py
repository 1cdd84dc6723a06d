"""A WhatsApp number on the page *Connections*: entered by its owner, checked line by line against Meta's side."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.models import Credential
from platform_admin.credentials.queries import secret_in_clear, uses_of
from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.releases.actions import save_settings
from platform_admin.releases.models import TenantSettings
from platform_admin.tenants.models import AuditEntry, Tenant, User
from platform_admin.whatsapp.checks import CHECKS
from platform_admin.whatsapp.connecting import connect_number
from platform_admin.whatsapp.models import SetUpCheck
from platform_admin.whatsapp.numbers import numbers_of
from platform_admin.whatsapp.set_up import GIVEN_UP, begin, make_check, set_ups
from tests.platform_admin.business import COMMAND
from tests.platform_admin.whatsapp.conftest import NUMBER, TOKEN, WABA, Meta

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

HOME = "/admin/connect/luna/"
NEW = f"{HOME}whatsapp/"
PAGE = f"{NEW}{NUMBER}/"
CHECK = f"{PAGE}check/"
ADDRESS = "https://bots.example.org/t/luna/webhook"
APP_SECRET = "abc123"
ENTERED = {"phone_number_id": NUMBER, "waba_id": WABA, "access_token": TOKEN, "app_secret": APP_SECRET}
CODES = [check.code for check in CHECKS]
WORD = re.compile(r"<dt>Verify token</dt><dd><code[^>]*>([^<]+)</code>")
SHELL = re.compile(r"manage\.py|set_credential|--[a-z]|channels\.\d|waba_id(?!\")|GRAPH_|RUNTIME_")


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.RUNTIME_PUBLIC_URL = "https://bots.example.org/t/{tenant}"


def signed_in_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def channels_of(tenant: Tenant) -> list[Any]:
    return list(TenantSettings.objects.for_tenant(tenant).get().channels)


def states_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-code="(\w+)" data-state="(\w+)"', page))


def test_an_owner_connects_a_number_and_sees_every_check_good_one_after_the_other(
    luna: Tenant, people: dict[str, User], meta: Meta
) -> None:
    owner = signed_in_as(people["owner"])
    assert "Connect a number" in owner.get(HOME).content.decode()
    saved = owner.post(NEW, ENTERED).content.decode()
    assert channels_of(luna)[-1] == {"type": "whatsapp", "phone_number_id": NUMBER, "waba_id": WABA}
    (word,) = WORD.findall(saved)
    assert secret_in_clear(luna, "channels.1.verify_token") == word
    assert ADDRESS in saved
    assert states_in(saved) == dict.fromkeys(CODES, "waiting")
    assert meta.account.calls == [("GET", NUMBER), ("GET", f"{WABA}/phone_numbers")]
    mended = {"subscription", "callback", "templates"}
    for done, code in enumerate(CODES, start=1):
        lines = states_in(owner.post(CHECK, {"code": code}).content.decode())
        assert list(lines) == CODES
        assert lines[code] == ("mended" if code in mended else "good")
        assert list(lines.values()).count("waiting") == len(CODES) - done
    assert meta.account.subscribed
    assert meta.account.callbacks == {NUMBER: {"override_callback_uri": ADDRESS, "verify_token": word}}
    assert states_in(owner.get(PAGE).content.decode()) == lines
    assert "set up" in owner.get(HOME).content.decode()
    assert {use.purpose for use in uses_of(luna)} == {"probe", "proof"}


def test_without_javascript_one_button_makes_all_and_the_page_shows_them(
    connected: Tenant, people: dict[str, User], meta: Meta
) -> None:
    owner = signed_in_as(people["owner"])
    assert owner.post(CHECK)["Location"] == PAGE
    assert set(states_in(owner.get(PAGE).content.decode()).values()) == {"good", "mended"}
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs.count("checked WhatsApp number") == 1
    assert verbs.count("set up WhatsApp") == 3


def test_a_wrong_token_is_told_once_and_nothing_else_is_asked(
    connected: Tenant, people: dict[str, User], meta: Meta
) -> None:
    set_credential(tenant=connected, field="channels.1.access_token", value="EAA-a-wrong-canary", by=COMMAND)
    owner = signed_in_as(people["owner"])
    owner.post(CHECK)
    page = owner.get(PAGE).content.decode()
    assert states_in(page) == {"token": "fault", **dict.fromkeys(CODES[1:], "waiting")}
    assert "Session has expired" in page
    assert [path for _method, path in meta.account.calls] == ["debug_token"]
    assert "1 thing to put right" in owner.get(HOME).content.decode()
    assert owner.post(CHECK, {"code": "callback"}).status_code == 200
    assert [path for _method, path in meta.account.calls] == ["debug_token"]
    owner.post(PAGE, {**ENTERED, "app_secret": ""})
    assert states_in(owner.get(PAGE).content.decode()) == dict.fromkeys(CODES, "waiting")
    owner.post(CHECK)
    assert "fault" not in states_in(owner.get(PAGE).content.decode()).values()


def test_a_wrong_app_secret_is_found_before_any_message_is_lost(
    connected: Tenant, people: dict[str, User], meta: Meta
) -> None:
    owner = signed_in_as(people["owner"])
    owner.post(PAGE, {**ENTERED, "access_token": "", "app_secret": "of another app"})
    owner.post(CHECK)
    page = owner.get(PAGE).content.decode()
    assert states_in(page)["app_secret"] == "fault"
    assert "every message of a customer would be refused" in page


def test_what_a_fault_says_is_translated_and_speaks_of_no_command(
    connected: Tenant, people: dict[str, User], meta: Meta, settings: Any
) -> None:
    """Every kind of fault in one go, on both pages in both languages."""
    settings.RUNTIME_PUBLIC_URL = ""
    meta.account.token = {"type": "USER", "scopes": []}
    meta.account.add_number(NUMBER, status="PENDING")
    meta.account.failures[f"{WABA}/phone_numbers"] = (400, 100, "No such thing")
    meta.account.failures[f"{WABA}/message_templates"] = (500, 2, "Later")
    set_credential(tenant=connected, field="channels.1.app_secret", value="of another app", by=COMMAND)
    owner = signed_in_as(people["owner"])
    owner.post(CHECK)
    faults = {"scopes", "app_secret", "number", "account", "callback", "templates"}
    (english,) = set_ups(connected, numbers_of(connected), now=timezone.now())
    assert {line.code for line in english.lines if line.state == "fault"} == faults
    with override("es"):
        (spanish,) = set_ups(connected, numbers_of(connected), now=timezone.now())
    for one, other in zip(english.lines, spanish.lines, strict=True):
        assert one.title != other.title
        assert one.detail != other.detail
    for language in ("en", "es"):
        for address in (HOME, PAGE, NEW):
            page = owner.get(address, headers={"Accept-Language": language}).content.decode()
            shown = re.sub(r"<[^>]*>", " ", page.partition('class="sight"')[2])
            assert SHELL.findall(shown) == [], address


def test_secrets_go_in_and_never_come_out(luna: Tenant, people: dict[str, User], meta: Meta, caplog: Any) -> None:
    caplog.set_level("INFO")
    owner = signed_in_as(people["owner"])
    (word,) = WORD.findall(owner.post(NEW, ENTERED).content.decode())
    owner.post(CHECK)
    shown = "".join(owner.get(address).content.decode() for address in (HOME, PAGE, NEW))
    shown += owner.post(CHECK, {"code": "token"}).content.decode()
    shown += owner.post(PAGE, {**ENTERED, "phone_number_id": "x"}).content.decode()
    logged = " ".join(line.getMessage() for line in caplog.records if line.name != "uvicorn.access")  # the fake's own
    kept = str(AuditEntry.objects.values_list()) + str(SetUpCheck.objects.for_tenant(luna).values_list())
    for secret in (TOKEN, APP_SECRET, word):
        assert secret not in shown
        assert secret not in kept
        assert secret not in logged
    assert f"••••{word[-4:]}" in shown
    assert WORD.findall(shown) == []


def test_a_new_word_is_made_when_it_is_asked_for(connected: Tenant, people: dict[str, User], meta: Meta) -> None:
    owner = signed_in_as(people["owner"])
    kept = owner.post(PAGE, {**ENTERED, "access_token": "", "app_secret": ""})
    assert kept["Location"] == f"{PAGE}?check"
    assert secret_in_clear(connected, "channels.1.verify_token") == "my_word"
    (word,) = WORD.findall(owner.post(PAGE, {**ENTERED, "new_word": "on"}).content.decode())
    assert secret_in_clear(connected, "channels.1.verify_token") == word != "my_word"


def test_a_number_is_corrected_in_its_place_and_keeps_its_secrets(
    connected: Tenant, people: dict[str, User], meta: Meta
) -> None:
    before = channels_of(connected)
    meta.account.add_number("5550001112")
    entered = {"phone_number_id": "5550001112", "waba_id": WABA}
    assert signed_in_as(people["owner"]).post(PAGE, entered)["Location"] == f"{NEW}5550001112/?check"
    assert channels_of(connected) == [before[0], {**before[1], "phone_number_id": "5550001112"}]
    assert secret_in_clear(connected, "channels.1.access_token") == TOKEN


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "a phone number is no id": ({"phone_number_id": "+34 600 111 222"}, "5 to 20 digits"),
    "the account is missing": ({"waba_id": ""}, "This field is required"),
    "the token is missing": ({"access_token": ""}, "This field is required"),
    "a secret of a book's length": ({"app_secret": "x" * 1001}, "at most 1000 characters"),
}


@pytest.mark.parametrize(("change", "words"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_changes_nothing(
    luna: Tenant, people: dict[str, User], change: dict[str, str], words: str
) -> None:
    before = channels_of(luna)
    page = signed_in_as(people["owner"]).post(NEW, {**ENTERED, **change})
    assert page.status_code == 200
    assert words in page.content.decode()
    assert channels_of(luna) == before
    assert not Credential.objects.for_tenant(luna).exists()


def test_a_number_that_another_business_has_is_not_connected_and_nobody_learns_whose_it_is(
    connected: Tenant, sol: Tenant, people: dict[str, User]
) -> None:
    with pytest.raises(ConflictError, match="cannot be connected here") as refused:
        connect_number(tenant=sol, phone_number_id=NUMBER, waba_id=WABA, secrets={"app_secret": "x"}, by=COMMAND)
    assert "luna" not in str(refused.value).lower()
    assert numbers_of(sol) == []
    assert not Credential.objects.for_tenant(sol).exists()


def test_nobody_but_an_owner_gets_there(connected: Tenant, people: dict[str, User], meta: Meta) -> None:
    for role in ("viewer", "editor", "publisher", "stranger"):
        client = signed_in_as(people[role])
        for address in (NEW, PAGE):
            assert client.get(address).status_code == 404, role
            assert client.post(address, ENTERED).status_code == 404, role
        assert client.post(CHECK).status_code == 404, role
        assert client.post(CHECK, {"code": "token"}).status_code == 404, role
    (number,) = numbers_of(connected)
    with pytest.raises(NotAllowedError):
        begin(number=number, by=people["publisher"])
    with pytest.raises(NotAllowedError):
        make_check(number=number, check=CHECKS[0], by=people["publisher"])
    page = signed_in_as(people["viewer"]).get(HOME).content.decode()
    assert NUMBER in page
    assert PAGE not in page
    assert meta.account.calls == []


def test_the_numbers_of_another_business_are_not_there(
    connected: Tenant, sol: Tenant, people: dict[str, User], meta: Meta
) -> None:
    save_settings(tenant=sol, document={"channels": [{"type": "whatsapp", "phone_number_id": "77700011"}]}, by=COMMAND)
    owner = signed_in_as(people["owner"])
    theirs = "/admin/connect/sol/whatsapp/"
    for address in (theirs, f"{theirs}77700011/", f"{NEW}77700011/"):
        assert owner.get(address).status_code == 404, address
        assert owner.post(address, ENTERED).status_code == 404, address
    for address in (f"{theirs}77700011/check/", f"{NEW}77700011/check/"):
        assert owner.post(address).status_code == 404, address
    assert owner.post(CHECK, {"code": "no_such_check"}).status_code == 404
    assert not Credential.objects.for_tenant(sol).exists()
    assert meta.account.calls == []


def test_a_check_whose_maker_is_gone_waits_again(connected: Tenant) -> None:
    (number,) = numbers_of(connected)
    now = timezone.now()
    SetUpCheck.objects.for_tenant(connected).create(
        tenant=connected, phone_number_id=NUMBER, code="token", state=SetUpCheck.State.RUNNING, at=now
    )
    for later, state in ((GIVEN_UP / 2, "running"), (GIVEN_UP * 2, "waiting")):
        (set_up,) = set_ups(connected, [number], now=now + later)
        assert set_up.lines[0].state == state


def test_without_a_token_the_first_line_says_what_to_enter(luna: Tenant, people: dict[str, User], meta: Meta) -> None:
    connect_number(tenant=luna, phone_number_id=NUMBER, waba_id=WABA, secrets={}, by=COMMAND)
    owner = signed_in_as(people["owner"])
    owner.post(CHECK)
    assert "No access token is stored." in owner.get(PAGE).content.decode()
    assert meta.account.calls == []
