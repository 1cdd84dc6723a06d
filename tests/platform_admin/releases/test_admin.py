from __future__ import annotations

import json

import pytest
from django.test import Client

from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release, TenantSettings
from platform_admin.tenants.models import AuditEntry, Tenant
from tests.platform_admin.business import COMMAND, FLOW, sources

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),  # django-unfold, see config/test_site.py
]


def test_going_back_is_one_action_on_the_list(as_operator: Client, luna: Tenant) -> None:
    old = publish(tenant=luna, by=COMMAND, sources=sources())
    publish(tenant=luna, by=COMMAND, sources=sources(FLOW + "# newer\n"))
    chosen = {"action": "roll_back_to", "_selected_action": [old.pk]}
    page = as_operator.post("/admin/releases/release/", chosen, follow=True).content.decode()
    assert "Release 3 has the content of release 1" in page
    assert Release.objects.for_tenant(luna).get(serial=3).rolled_back_to == old


def test_going_back_to_two_at_once_is_refused(as_operator: Client, luna: Tenant) -> None:
    both = [publish(tenant=luna, by=COMMAND, sources=sources()).pk for _ in range(2)]
    chosen = {"action": "roll_back_to", "_selected_action": both}
    page = as_operator.post("/admin/releases/release/", chosen, follow=True).content.decode()
    assert "Choose exactly one release" in page
    assert Release.objects.for_tenant(luna).count() == 2


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_releases_are_only_looked_at(page: str, as_operator: Client, luna: Tenant) -> None:
    release = publish(tenant=luna, by=COMMAND, sources=sources())
    assert as_operator.post(f"/admin/releases/release/{page.format(pk=release.pk)}", {"post": "yes"}).status_code == 403
    as_operator.post(f"/admin/releases/release/{release.pk}/change/", {"serial": 9, "note": "changed"})
    stored = Release.objects.for_tenant(luna).get()
    assert (stored.serial, stored.note) == (1, "")


def test_a_release_shows_its_settings_with_their_accents(as_operator: Client, luna: Tenant) -> None:
    settings = "channels: [{type: http_dev}]\nbusiness: {name: Peluquería <Luna>}\n"
    release = publish(tenant=luna, by=COMMAND, sources=sources(settings=settings))
    page = as_operator.get(f"/admin/releases/release/{release.pk}/change/").content.decode()
    assert "&quot;name&quot;: &quot;Peluquería &lt;Luna&gt;&quot;" in page


def settings_form(row: TenantSettings, **parts: object) -> dict[str, str]:
    texts = {"channels": [{"type": "http_dev"}], "connectors": {}, "llm": {}, "sentences": {}, "policies": {}, **parts}
    texts["opened_revision"] = row.revision
    return {name: part if isinstance(part, str) else json.dumps(part) for name, part in texts.items()}


def test_settings_are_changed_in_the_admin_through_the_action(as_operator: Client, luna: Tenant) -> None:
    row = TenantSettings.objects.for_tenant(luna).get()
    form = settings_form(row, policies={"retention": {"turns_days": 7}}, sentences="")
    answer = as_operator.post(f"/admin/releases/tenantsettings/{row.pk}/change/", form)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.policies["retention"], row.sentences) == ({"turns_days": 7}, {})
    assert AuditEntry.objects.latest("pk").verb == "saved settings"


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ({"channels": [{"type": "fax"}]}, "S103"),
        ({"channels": [{"type": "whatsapp", "phone_number_id": "1234567890", "access_token": "canary"}]}, "S104"),
        ({"llm": "not JSON"}, "Enter a valid JSON"),
    ],
)
def test_settings_with_faults_are_not_stored(
    parts: dict[str, object], shown: str, as_operator: Client, luna: Tenant
) -> None:
    row = TenantSettings.objects.for_tenant(luna).get()
    answer = as_operator.post(f"/admin/releases/tenantsettings/{row.pk}/change/", settings_form(row, **parts))
    assert shown in answer.content.decode()
    before = row.channels
    row.refresh_from_db()
    assert row.channels == before
