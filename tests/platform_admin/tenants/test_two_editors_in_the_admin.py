"""Two people have the same page of the admin open: the second is told who was faster, and neither text is lost."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory

from platform_admin.business import actions as business
from platform_admin.business.models import BusinessDraft
from platform_admin.errors import EditConflictError
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.models import KnowledgeDocument
from platform_admin.releases.models import TenantSettings
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import COMMAND

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),  # django-unfold, see config/test_site.py
]

PARTS = ("channels", "connectors", "llm", "sentences", "policies")


@dataclass(frozen=True, slots=True)
class Page:
    """``field`` is where a person writes, ``typed`` how some words look there."""

    model: Any
    field: str
    typed: Callable[[str], str]

    def row(self, tenant: Tenant) -> Any:
        return self.model.objects.for_tenant(tenant).get()

    def address(self, tenant: Tenant) -> str:
        meta = self.model._meta
        return f"/admin/{meta.app_label}/{meta.model_name}/{self.row(tenant).pk}/change/"

    def form(self, tenant: Tenant, words: str) -> dict[str, str]:
        parts = PARTS if self.model is TenantSettings else ()
        row = self.row(tenant)
        return {**{part: json.dumps(getattr(row, part)) for part in parts}, self.field: self.typed(words)}

    def stored(self, tenant: Tenant) -> str:
        value = getattr(self.row(tenant), self.field)
        return value if isinstance(value, str) else json.dumps(value)


PAGES = {
    "the FAQ": Page(KnowledgeDocument, "draft", lambda words: f"# {words}"),
    "the business settings": Page(BusinessDraft, "document", lambda words: json.dumps({"name": words})),
    "the settings": Page(TenantSettings, "sentences", lambda words: json.dumps({"out_of_scope": words})),
}
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())


@pytest.fixture(autouse=True)
def _written(luna: Tenant) -> None:
    """Everything was saved before; the settings were when luna was provisioned."""
    knowledge.save_draft(tenant=luna, markdown="# Before", by=COMMAND)
    business.save_draft(tenant=luna, document={"name": "Before"}, by=COMMAND)


@pytest.fixture
def as_colleague(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("colleague@example.com", "a long enough password"))
    return client


def opened_in(page: str) -> str:
    """The revision that the page says it shows."""
    (tag,) = re.findall(r'<input[^>]*name="opened_revision"[^>]*>', page)
    found = re.search(r'value="(\d+)"', tag)
    assert found is not None
    return found[1]


def opened(client: Client, page: Page, tenant: Tenant) -> str:
    return opened_in(client.get(page.address(tenant)).content.decode())


def theirs_in(page: str) -> str:
    found = re.search(r'<pre id="edit-conflict-theirs"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


@every_page
def test_the_second_sees_who_was_faster_and_both_texts(
    page: Page, as_operator: Client, as_colleague: Client, luna: Tenant
) -> None:
    address = page.address(luna)
    first, second = opened(as_colleague, page, luna), opened(as_operator, page, luna)
    saved = as_colleague.post(address, {**page.form(luna, "Faster"), "opened_revision": first})
    assert saved.status_code == 302
    stored, entries = page.stored(luna), AuditEntry.objects.count()
    refused = as_operator.post(address, {**page.form(luna, "Slower"), "opened_revision": second})
    assert refused.status_code == 200
    shown = refused.content.decode()
    assert re.search(r"colleague@example\.com saved this at \d\d:\d\d while you were writing\.", shown)
    assert "Faster" in theirs_in(shown)
    assert "Slower" not in theirs_in(shown)
    assert "Slower" in html.unescape(shown), "what was typed is still in its field"
    assert page.stored(luna) == stored
    assert "Faster" in stored
    assert AuditEntry.objects.count() == entries


@every_page
def test_who_has_seen_both_and_saves_once_more_means_it(
    page: Page, as_operator: Client, as_colleague: Client, luna: Tenant
) -> None:
    address, second = page.address(luna), opened(as_operator, page, luna)
    as_colleague.post(address, {**page.form(luna, "Faster"), "opened_revision": second})
    refused = as_operator.post(address, {**page.form(luna, "Slower"), "opened_revision": second})
    again = {**page.form(luna, "Both of it"), "opened_revision": opened_in(refused.content.decode())}
    assert as_operator.post(address, again).status_code == 302
    assert "Both of it" in page.stored(luna)
    assert page.row(luna).updated_by.email == "operator@example.com"


@every_page
@pytest.mark.parametrize("said", [None, "", "-1", "one", "999"], ids=["nothing", "blank", "less", "a word", "more"])
def test_a_form_that_does_not_say_what_it_showed_is_refused(
    said: str | None, page: Page, as_operator: Client, luna: Tenant
) -> None:
    before, entries = page.stored(luna), AuditEntry.objects.count()
    form = page.form(luna, "Blind") | ({} if said is None else {"opened_revision": said})
    refused = as_operator.post(page.address(luna), form)
    assert refused.status_code == 200
    assert "This page does not say what it showed you." in refused.content.decode()
    assert page.stored(luna) == before
    assert AuditEntry.objects.count() == entries


@every_page
def test_what_is_saved_between_the_look_and_the_lock_is_seen_as_well(
    page: Page, operator: User, as_colleague: Client, as_operator: Client, luna: Tenant
) -> None:
    """The form found nothing wrong; somebody saves; the action refuses under its lock."""
    address, second = page.address(luna), opened(as_operator, page, luna)
    request = RequestFactory().post(address)
    request.user = operator
    registered = admin.site._registry[page.model]
    row = page.row(luna)
    form = registered.get_form(request, row)(page.form(luna, "Slower") | {"opened_revision": second}, instance=row)
    assert form.is_valid()
    as_colleague.post(address, {**page.form(luna, "Faster"), "opened_revision": second})
    with pytest.raises(EditConflictError):
        registered.save_model(request, form.save(commit=False), form, change=True)
    assert "Faster" in page.stored(luna)
