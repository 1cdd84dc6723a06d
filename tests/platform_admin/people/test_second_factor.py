"""The second factor: set up, asked for, replayed, lost, required."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from platform_admin.credentials.queries import tenant_fernet_keys
from platform_admin.credentials.rotation import Rotated, rotate_keys
from platform_admin.errors import KeyMaterialError
from platform_admin.people.actions.second_factor import key_to_set_up, show
from platform_admin.people.authenticator_app import DRIFT_STEPS, STEP_S, provisioning_address, step_of
from platform_admin.people.doors import CODE
from platform_admin.people.models import Attempts, Authenticator, PersonSession, RecoveryCode
from platform_admin.people.recovery import HOW_MANY, codes_left
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import COMMAND
from tests.platform_admin.people.mailroom import PASSWORD, deliver
from tests.platform_admin.people.second_step import SET_UP, code, is_in, password_given, with_app

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]


def test_the_page_shows_a_code_for_the_app_and_takes_a_first_one(people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["editor"])
    page = client.get(SET_UP).content.decode()
    assert 'src="data:image/png;base64,' in page
    (shown,) = re.findall(r'class="people-key"[^>]*>([A-Z2-7 ]+)<', page)
    key = shown.replace(" ", "")
    assert len(base64.b32decode(key)) == 20
    assert client.get(SET_UP).content.decode().count(shown) == 1  # the same key until it is confirmed
    page = client.post(SET_UP, {"code": code(key)}).content.decode()
    assert len(set(re.findall(r"<li>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</li>", page))) == HOW_MANY
    assert client.get(SET_UP)["Location"] == "/account/second-step/"
    assert [letter.subject for letter in deliver()] == ["Second step turned on"]


def test_the_address_in_the_picture_is_what_apps_read() -> None:
    parts = urlsplit(provisioning_address(key="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", account="ana+x@example.com"))
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/Frontdesk%3Aana%2Bx%40example.com")
    assert parse_qs(parts.query) == {
        "secret": ["ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"],
        "issuer": ["Frontdesk"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }


def test_the_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B: the secret in ASCII, times in seconds; the last six of its eight digits.
    key = base64.b32encode(b"12345678901234567890").decode()
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        at = datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())
        assert step_of(digits, key=key, now=at, after=0) == seconds // STEP_S


def test_without_the_code_nobody_is_in(people: dict[str, User]) -> None:
    key, _ = with_app(people["editor"])
    client = password_given("editor@example.com")
    assert not is_in(client)
    assert not PersonSession.objects.filter(user=people["editor"]).exists()
    assert client.post("/sign-in/code/", {"code": code(key)})["Location"] == "/admin/authoring/"
    assert is_in(client)


NOT_A_CODE = ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "000000\x00", "-12345", "1e5", "      ", "9" * 41]


@pytest.mark.parametrize("typed", NOT_A_CODE)
def test_what_is_no_code_lets_nobody_in(typed: str, people: dict[str, User]) -> None:
    with_app(people["editor"])
    client = password_given("editor@example.com")
    assert client.post("/sign-in/code/", {"code": typed}).status_code == 200
    assert not is_in(client)


STEPS = [(-DRIFT_STEPS - 1, False), (-1, True), (0, True), (1, True), (DRIFT_STEPS + 1, False)]


@pytest.mark.parametrize(("steps", "right"), STEPS)
def test_a_clock_may_be_one_step_off(steps: int, right: bool, people: dict[str, User]) -> None:
    key, _ = with_app(people["editor"])
    now = timezone.now()
    assert show(user=people["editor"], code=code(key, at=now, steps=steps), now=now) is right


def test_a_code_is_taken_once_and_none_before_it_afterwards(people: dict[str, User]) -> None:
    key, _ = with_app(people["editor"])
    now = timezone.now()
    assert show(user=people["editor"], code=code(key, at=now), now=now)
    assert not show(user=people["editor"], code=code(key, at=now), now=now)
    assert not show(user=people["editor"], code=code(key, at=now, steps=-1), now=now)
    assert show(user=people["editor"], code=code(key, at=now, steps=1), now=now)


def test_after_five_wrong_codes_the_right_one_waits_too(people: dict[str, User]) -> None:
    key, codes = with_app(people["editor"])
    client = password_given("editor@example.com")
    for _ in range(CODE.most):
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 200
    for typed in (code(key), codes[0]):
        assert password_given("editor@example.com").post("/sign-in/code/", {"code": typed}).status_code == 429
    assert codes_left(people["editor"]) == HOW_MANY
    assert Authenticator.objects.get().last_step < timezone.now().timestamp() // STEP_S - 1


def test_the_door_for_codes_stays_closed_twice_as_long_each_time(people: dict[str, User]) -> None:
    with_app(people["editor"])
    waits = []
    for _ in range(3):
        for _ in range(CODE.most):
            password_given("editor@example.com").post("/sign-in/code/", {"code": "000000"})
        row = Attempts.objects.get(door=CODE.name)
        assert row.closed_until is not None
        waits.append(round((row.closed_until - timezone.now()).total_seconds() / 60))
        Attempts.objects.update(closed_until=timezone.now() - timedelta(seconds=1))
    assert waits == [15, 30, 60]


def test_each_recovery_code_lets_in_once(people: dict[str, User]) -> None:
    _, codes = with_app(people["editor"])
    client = password_given("editor@example.com")
    assert client.post("/sign-in/code/", {"code": codes[0].upper().replace("-", " ")}).status_code == 302
    assert is_in(client)
    assert codes_left(people["editor"]) == HOW_MANY - 1
    assert password_given("editor@example.com").post("/sign-in/code/", {"code": codes[0]}).status_code == 200
    assert AuditEntry.objects.filter(verb="used a recovery code").count() == 1


def test_a_recovery_code_is_nobody_elses(people: dict[str, User]) -> None:
    _, codes = with_app(people["editor"])
    with_app(people["owner"])
    assert not show(user=people["owner"], code=codes[0], now=timezone.now())
    assert codes_left(people["editor"]) == HOW_MANY


def test_new_recovery_codes_end_the_old_ones(people: dict[str, User]) -> None:
    key, old = with_app(people["editor"])
    client = password_given("editor@example.com")
    client.post("/sign-in/code/", {"code": code(key)})
    assert client.post("/account/second-step/codes/", {"present": "not it at all"}).status_code == 200
    assert show(user=people["editor"], code=old[0], now=timezone.now())
    page = client.post("/account/second-step/codes/", {"present": PASSWORD}).content.decode()
    (new,) = set(re.findall(r"<li>([a-z2-9-]{19})</li>", page)[:1])
    assert not show(user=people["editor"], code=old[1], now=timezone.now())
    assert show(user=people["editor"], code=new, now=timezone.now())


def test_what_is_stored_opens_nothing(people: dict[str, User]) -> None:
    key, codes = with_app(people["editor"])
    stored = str(list(Authenticator.objects.values_list())) + str(list(RecoveryCode.objects.values_list()))
    stored += str(list(AuditEntry.objects.values_list()))
    assert key not in stored
    assert not [each for each in codes if each in stored or each[5:] in stored]


def test_a_secret_copied_to_another_person_does_not_open(people: dict[str, User]) -> None:
    key, _ = with_app(people["editor"])
    with_app(people["owner"])
    stolen = Authenticator.objects.get(user=people["editor"]).ciphertext
    Authenticator.objects.filter(user=people["owner"]).update(ciphertext=stolen)
    with pytest.raises(KeyMaterialError):
        show(user=people["owner"], code=code(key), now=timezone.now())


def test_a_rotation_of_the_platforms_keys_takes_second_factors_along(
    people: dict[str, User], luna: Tenant, settings: Settings
) -> None:
    key, _ = with_app(people["editor"])
    tenants = len(tenant_fernet_keys(luna))
    settings.FERNET_KEYS = (Fernet.generate_key().decode(), *settings.FERNET_KEYS)
    assert rotate_keys(by=COMMAND) == Rotated(renewed=tenants + 1, current=0, unreadable=())
    settings.FERNET_KEYS = settings.FERNET_KEYS[:1]
    assert show(user=people["editor"], code=code(key), now=timezone.now())


def test_turning_it_on_ends_sessions_that_came_in_without(people: dict[str, User]) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/sign-in/", {"username": "editor@example.com", "password": PASSWORD})
    here.post(SET_UP, {"code": code(key_to_set_up(user=people["editor"]))})
    assert is_in(here)
    assert not is_in(there)


def test_turning_it_off_takes_the_password(people: dict[str, User]) -> None:
    key, _ = with_app(people["editor"])
    client = password_given("editor@example.com")
    client.post("/sign-in/code/", {"code": code(key)})
    assert client.post("/account/second-step/remove/", {"present": "not it at all"}).status_code == 200
    assert Authenticator.objects.exists()
    assert client.post("/account/second-step/remove/", {"present": PASSWORD})["Location"] == "/account/"
    assert not Authenticator.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_a_password_changed_meanwhile_ends_the_waiting_for_a_code(people: dict[str, User]) -> None:
    key, _ = with_app(people["editor"])
    client = password_given("editor@example.com")
    people["editor"].set_password("another long password")
    people["editor"].save()
    assert client.post("/sign-in/code/", {"code": code(key)})["Location"] == "/sign-in/"
    assert not is_in(client)
