"""``manage.py connect_whatsapp`` against Meta's side as a server: what it finds, mends, sends, and says."""

from __future__ import annotations

import json
import time
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.models import Credential
from platform_admin.message_templates.models import MessageTemplate
from platform_admin.releases.actions import save_settings
from platform_admin.tenants.models import Tenant
from platform_admin.whatsapp.checks import CHECKS
from platform_admin.whatsapp.numbers import numbers_of
from tests.platform_admin.business import COMMAND
from tests.platform_admin.whatsapp.conftest import NUMBER, TOKEN, WABA, Meta

pytestmark = pytest.mark.django_db

URL = "https://luna.desk.example/webhook"
READS = {"GET"}


def connect(*arguments: str) -> tuple[dict[str, Any], str]:
    """The one number's report, and the command's last word (empty for success)."""
    out = StringIO()
    try:
        call_command("connect_whatsapp", "luna", *arguments, "--json", stdout=out)
        last = ""
    except CommandError as error:
        last = str(error)
        code = error.returncode
    else:
        code = 0
    report = json.loads(out.getvalue())
    assert (report["ok"], code) == ((True, 0) if not last else (False, 1))
    return report["numbers"][0], last


def states(number: dict[str, Any]) -> dict[str, str]:
    words = {}
    for check in number["checks"]:
        word = "warning" if check["warning"] else "ok" if check["ok"] else "fault"
        words[check["code"]] = "mended" if check["mended"] else word
    return words


def detail(number: dict[str, Any], code: str) -> str:
    return str(next(check["detail"] for check in number["checks"] if check["code"] == code))


def hint(number: dict[str, Any], code: str) -> str:
    return str(next(check["hint"] for check in number["checks"] if check["code"] == code))


def test_a_fresh_number_is_set_up_in_one_go_and_found_well_the_next_time(connected: Tenant, meta: Meta) -> None:
    number, last = connect("--callback-url", URL)
    mended = {"subscription", "callback", "templates"}
    assert states(number) == {check.code: "mended" if check.code in mended else "ok" for check in CHECKS}
    assert last == ""
    assert meta.account.subscribed
    assert meta.account.callbacks == {NUMBER: {"override_callback_uri": URL, "verify_token": "my_word"}}
    meta.account.calls.clear()
    again, _ = connect("--callback-url", URL)
    assert set(states(again).values()) == {"ok"}
    assert {method for method, _ in meta.account.calls} == READS


def test_a_dry_run_finds_the_same_and_changes_nothing(connected: Tenant, meta: Meta) -> None:
    number, last = connect("--callback-url", URL, "--dry-run", "--to", "+34600111222")
    assert [code for code, state in states(number).items() if state == "fault"] == [
        "subscription",
        "callback",
        "templates",
    ]
    assert last == "3 things to put right."
    assert {method for method, _ in meta.account.calls} == READS
    assert (meta.account.subscribed, meta.account.callbacks, meta.messages.ledger.sent) == (False, {}, [])
    assert not MessageTemplate.objects.for_tenant(connected).exists()


def test_a_test_message_is_sent_when_it_is_asked_for(connected: Tenant, meta: Meta) -> None:
    number, _ = connect("--callback-url", URL, "--to", "+34600111222")
    assert number["test_message"]["ok"]
    (sent,) = meta.messages.ledger.sent
    assert (sent.to, sent.body["type"]) == ("34600111222", "text")
    connect("--callback-url", URL, "--to", "+34600111222", "--template", "hello_world:en_US")
    assert meta.messages.ledger.sent[1].body["template"] == {"name": "hello_world", "language": {"code": "en_US"}}


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "the token was taken back": ({"is_valid": False}, "token", "Meta does not take the token any more."),
    "the token has ended": ({"expires_at": 1_700_000_000}, "token", "The token ended on 2023-11-14."),
    "the token may not send": (
        {"scopes": ["whatsapp_business_management"]},
        "scopes",
        "The token lacks whatsapp_business_messaging.",
    ),
    "the token may do nothing": (
        {"scopes": []},
        "scopes",
        "The token lacks whatsapp_business_messaging, whatsapp_business_management.",
    ),
}


@pytest.mark.parametrize(("token", "code", "words"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_with_the_token_is_said_in_words(
    connected: Tenant, meta: Meta, token: dict[str, Any], code: str, words: str
) -> None:
    meta.account.token = token
    number, _ = connect("--callback-url", URL)
    assert states(number)[code] == "fault"
    assert detail(number, code).startswith(words)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ({"expires_at": int(time.time()) + 86400}, "Make one of a system user, which lasts."),
        ({"type": "USER"}, "The token belongs to a person"),
    ],
)
def test_a_token_that_ends_soon_is_a_warning(connected: Tenant, meta: Meta, token: dict[str, Any], words: str) -> None:
    meta.account.token = token
    number, last = connect("--callback-url", URL)
    assert (states(number)["token"], last) == ("warning", "")
    assert words in detail(number, "token")


def test_an_app_secret_of_another_app_is_found_before_any_message_is_lost(connected: Tenant, meta: Meta) -> None:
    set_credential(tenant=connected, field="channels.1.app_secret", value="of another app", by=COMMAND)
    number, _ = connect("--callback-url", URL)
    assert states(number)["app_secret"] == "fault"
    assert hint(number, "app_secret") == "Store it: manage.py set_credential luna channels.1.app_secret"
    assert "every message of a customer would be refused" in detail(number, "app_secret")


def test_a_number_that_is_not_connected_or_of_low_quality(connected: Tenant, meta: Meta) -> None:
    meta.account.add_number(NUMBER, status="PENDING")
    number, _ = connect("--callback-url", URL)
    assert detail(number, "number").startswith("+34 600 000 001 (Peluquería Luna) is pending, not connected.")
    meta.account.add_number(NUMBER, quality_rating="RED")
    number, _ = connect("--callback-url", URL)
    assert states(number)["number"] == "warning"


def test_a_number_of_another_account_is_found(connected: Tenant, meta: Meta) -> None:
    meta.account.numbers = {"555": {"id": "555"}}
    number, _ = connect("--callback-url", URL)
    assert detail(number, "account").startswith(f"The account {WABA} has no such number.")
    assert states(number)["number"] == "fault"


def test_without_the_account_the_settings_are_to_be_completed(connected: Tenant, meta: Meta) -> None:
    save_settings(
        tenant=connected,
        document={"channels": [{"type": "http_dev"}, {"type": "whatsapp", "phone_number_id": NUMBER}]},
        by=COMMAND,
    )
    number, _ = connect("--callback-url", URL)
    assert detail(number, "account").startswith("It is not known which account the number belongs to.")
    assert states(number)["subscription"] == "fault"
    assert not meta.account.subscribed


def test_a_callback_that_meta_does_not_take_stays_a_fault_with_its_reason(connected: Tenant, meta: Meta) -> None:
    meta.account.failures[NUMBER] = (400, 2200, "Callback verification failed with code 404")
    number, _ = connect("--callback-url", URL)
    assert states(number)["callback"] == "fault"
    assert "Callback verification failed" in detail(number, "callback")
    assert detail(number, "callback").endswith("publish first, so that your bot knows the word.")
    assert hint(number, "callback") == ""


def test_without_a_callback_url_the_one_that_is_set_is_told(connected: Tenant, meta: Meta) -> None:
    number, _ = connect()
    assert hint(number, "callback") == "Give it with --callback-url."
    meta.account.callbacks[NUMBER] = {"override_callback_uri": URL, "verify_token": "x"}
    number, last = connect()
    assert (detail(number, "callback"), last) == (f"Messages go to {URL}.", "")


def test_a_token_that_meta_refuses_makes_every_check_say_so(connected: Tenant, meta: Meta) -> None:
    set_credential(tenant=connected, field="channels.1.access_token", value="EAA-another", by=COMMAND)
    number, _ = connect("--callback-url", URL)
    assert set(states(number).values()) == {"fault"}
    assert "Session has expired" in detail(number, "token")


def test_nobody_at_the_other_end_is_said_without_the_token(connected: Tenant, settings: Any) -> None:
    settings.GRAPH_BASE_URL = "http://127.0.0.1:9"
    number, _ = connect("--callback-url", URL)
    assert detail(number, "token") == "WhatsApp could not be reached (ConnectError). Try again in a few minutes."
    assert TOKEN not in json.dumps(number)


USAGE: dict[str, tuple[list[str], str]] = {
    "a callback without TLS": (["--callback-url", "http://x.example/webhook"], "--callback-url must be an https"),
    "a callback that is too long": (["--callback-url", f"https://x.example/{'x' * 200}"], "at most 200 characters"),
    "a phone without its plus": (["--to", "34600111222"], "--to must be a phone number"),
    "a template for nobody": (["--template", "hello_world"], "--template goes with --to"),
    "another number": (["--number", "5"], "have no WhatsApp number 5"),
    "an account for no number": (["--account", "9876543210"], "--account goes with --number"),
    "an account that is none": (["--number", "1234567890", "--account", "x"], "was not entered"),
}


@pytest.mark.parametrize(("arguments", "words"), USAGE.values(), ids=USAGE)
def test_wrong_usage_is_refused_before_anybody_is_asked(
    connected: Tenant, meta: Meta, arguments: list[str], words: str
) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        call_command("connect_whatsapp", "luna", *arguments)
    assert refused.value.returncode == 2
    assert meta.account.calls == []


def test_a_tenant_without_a_number_or_a_token_is_told_so(luna: Tenant, meta: Meta) -> None:
    with pytest.raises(CommandError, match="have no WhatsApp number") as refused:
        call_command("connect_whatsapp", "luna")
    assert refused.value.returncode == 2
    save_settings(tenant=luna, document={"channels": [{"type": "whatsapp", "phone_number_id": NUMBER}]}, by=COMMAND)
    assert not Credential.objects.for_tenant(luna).exists()
    with pytest.raises(CommandError, match=r"luna has no channels\.0\.access_token") as refused:
        call_command("connect_whatsapp", "luna")
    assert (refused.value.returncode, meta.account.calls) == (1, [])


def test_a_number_is_entered_into_the_settings_by_the_command(luna: Tenant, meta: Meta) -> None:
    arguments = ("luna", "--number", NUMBER, "--account", WABA)
    with pytest.raises(CommandError, match="have no WhatsApp number"):
        call_command("connect_whatsapp", *arguments, "--dry-run")
    with pytest.raises(CommandError, match=r"luna has no channels\.1\.access_token"):
        call_command("connect_whatsapp", *arguments)
    (number,) = numbers_of(luna)
    assert (number.place, number.phone_number_id, number.waba_id) == ("channels.1", NUMBER, WABA)
    assert [row.field for row in Credential.objects.for_tenant(luna)] == ["channels.1.verify_token"]


def test_the_callback_is_where_the_operator_said_that_runtimes_are(
    connected: Tenant, meta: Meta, settings: Any
) -> None:
    settings.RUNTIME_PUBLIC_URL = "https://bots.example.org/t/{tenant}"
    number, last = connect()
    assert (states(number)["callback"], last) == ("mended", "")
    assert meta.account.callbacks[NUMBER]["override_callback_uri"] == "https://bots.example.org/t/luna/webhook"


def test_people_read_a_line_and_a_sentence_for_each_check(connected: Tenant, meta: Meta) -> None:
    out = StringIO()
    call_command("connect_whatsapp", "luna", "--callback-url", URL, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == f"luna {NUMBER}"
    assert lines[1:3] == ["  ok      The access token is good", "          It is a system user's and valid."]
    assert "  mended  The account's messages are delivered" in lines
    assert TOKEN not in out.getvalue()


def test_every_check_can_be_repeated_by_its_code() -> None:
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    assert [check.code for check in CHECKS if check.mend] == ["subscription", "callback", "templates"]
