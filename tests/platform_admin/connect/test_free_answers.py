"""A language model on *Connections*: its switch for free questions, and disconnecting it."""

from __future__ import annotations

import pytest

from platform_admin.connect.actions import answer_free_questions, connect, disconnect
from platform_admin.credentials.models import Credential
from platform_admin.credentials.queries import secret_in_clear
from platform_admin.errors import NotAllowedError
from platform_admin.releases.actions import save_settings
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import COMMAND
from tests.platform_admin.connect.page import ANTHROPIC, SECRET, URL, connectors_of, signed_in_as

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]


def llm_of(tenant: Tenant) -> dict[str, object]:
    return dict(TenantSettings.objects.for_tenant(tenant).get().llm)


SWITCH = f"{URL}llm/answers/"
ON = 'role="switch" aria-checked="true"'
OFF = 'role="switch" aria-checked="false"'


def test_a_model_that_is_connected_answers_free_questions_until_its_owner_turns_them_off(
    luna: Tenant, people: dict[str, User]
) -> None:
    owner = signed_in_as(people["owner"])
    assert 'role="switch"' not in owner.get(URL).content.decode()
    owner.post(ANTHROPIC, {"api_key": SECRET})
    assert llm_of(luna)["enabled"] is True
    assert ON in owner.get(URL).content.decode()
    assert owner.post(SWITCH, {"on": "0"})["Location"] == URL
    assert llm_of(luna)["enabled"] is False
    entry = AuditEntry.objects.latest("pk")
    assert entry.verb == "saved settings"
    assert [state["llm"]["enabled"] for state in (entry.before, entry.after) if state] == [True, False]
    assert OFF in owner.get(URL).content.decode()
    owner.post(ANTHROPIC, {"api_key": "", "mode": "verified"})  # connected already: the switch stays as it is
    assert llm_of(luna)["enabled"] is False
    owner.post(SWITCH, {"on": "1"})
    assert llm_of(luna)["enabled"] is True
    settings = settings_of(luna).document
    assert settings is not None
    assert secret_in_clear(luna, "connectors.llm.api_key") == SECRET


def test_what_is_disconnected_is_forgotten_and_answers_no_free_questions(luna: Tenant, people: dict[str, User]) -> None:
    owner = signed_in_as(people["owner"])
    connect(tenant=luna, category="calendar", block={"type": "mock_calendar"}, secrets={}, by=COMMAND)
    owner.post(ANTHROPIC, {"api_key": SECRET})
    assert owner.post(f"{URL}llm/disconnect/")["Location"] == URL
    assert connectors_of(luna) == {"calendar": {"type": "mock_calendar"}}
    assert llm_of(luna)["enabled"] is False
    assert not Credential.objects.for_tenant(luna).exists()
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["saved settings", "removed credential"]
    assert SECRET not in str(AuditEntry.objects.values_list())
    page = owner.post(f"{URL}llm/disconnect/", follow=True).content.decode()
    assert "llm is not set up yet." in page


def test_a_model_that_the_settings_named_is_gone_after_disconnecting_it(luna: Tenant, people: dict[str, User]) -> None:
    save_settings(
        tenant=luna,
        document={"channels": [{"type": "http_dev"}], "llm": {"enabled": True, "provider": "mock_llm"}},
        by=COMMAND,
    )
    signed_in_as(people["owner"]).post(f"{URL}llm/disconnect/")
    settings = settings_of(luna).document
    assert settings is not None
    assert settings.connector_blocks() == {}


def test_only_owners_disconnect_and_switch(luna: Tenant, people: dict[str, User]) -> None:
    signed_in_as(people["owner"]).post(ANTHROPIC, {"api_key": SECRET})
    for role in ("viewer", "editor", "publisher", "stranger"):
        client = signed_in_as(people[role])
        assert client.post(SWITCH, {"on": "0"}).status_code == 404, role
        assert client.post(f"{URL}llm/disconnect/").status_code == 404, role
        assert client.get(SWITCH).status_code in {404, 405}, role
    with pytest.raises(NotAllowedError):
        answer_free_questions(tenant=luna, on=False, by=people["publisher"])
    with pytest.raises(NotAllowedError):
        disconnect(tenant=luna, category="llm", by=people["publisher"])
    assert llm_of(luna)["enabled"] is True
    assert "disabled" in signed_in_as(people["viewer"]).get(URL).content.decode()
