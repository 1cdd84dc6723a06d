"""The admin's theme under the policy of the whole site: every page loads clean, and what people use of it works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.models import Credential
from platform_admin.tenants.models import Membership, Role, User
from tests.e2e.watched_browser import Watched, watched_page
from tests.platform_admin.business import COMMAND, provisioned
from tests.platform_admin.sight.seeded import seed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]


def an_object_of(model: type[Model]) -> Model | None:
    manager = model._default_manager
    rows = manager.across_tenants("test") if hasattr(manager, "across_tenants") else manager.all()
    found: Model | None = rows.first()
    return found


def addresses() -> list[str]:
    """A list and a form of everything that is registered, and one of each kind of page beside them."""
    found = ["/admin/", "/admin/password_change/"]
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{base}_changelist"))
        if (one := an_object_of(model)) is not None:
            found.append(reverse(f"{base}_change", args=[one.pk]))
    membership, credential = Membership.objects.get(), Credential.objects.across_tenants("test").get()
    found.append(reverse("admin:tenants_membership_history", args=[membership.pk]))
    found.append(reverse("admin:credentials_credential_delete", args=[credential.pk]))
    return [*found, reverse("admin:flows_flow_add"), reverse("admin:tenants_user_add")]


@pytest.fixture
def operator(transactional_db: None) -> User:
    luna = provisioned("luna", name="Peluquería Luna").tenant
    seed(luna)
    set_credential(tenant=luna, field="connectors.llm.api_key", value="a key of the test", by=COMMAND)
    operator = User.objects.create_superuser("operator@example.com", "a long enough password")
    Membership.objects.create(tenant=luna, user=operator, role=Role.OWNER)
    return operator


@pytest.fixture
def every_address(operator: User) -> list[str]:
    return addresses()


@pytest.fixture
def watched(every_address: list[str], operator: User, live_server: LiveServer) -> Iterator[Watched]:
    with watched_page(live_server.url, signed_in=operator, viewport={"width": 1440, "height": 900}) as page:
        yield page


def test_no_page_of_the_admin_breaks_the_policy(
    watched: Watched, every_address: list[str], live_server: LiveServer
) -> None:
    for address in every_address:
        answer = watched.page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200, address
        # The theme takes this away when its components stand; to ask in JavaScript is what the policy forbids.
        watched.page.wait_for_selector("html:not([x-cloak])", state="attached")
        assert watched.take_troubles() == [], address


def test_what_people_use_of_the_theme_works(watched: Watched, live_server: LiveServer) -> None:
    page = watched.page
    page.goto(f"{live_server.url}/admin/tenants/runtimetoken/")
    sidebar = page.locator("#nav-sidebar")
    expect(sidebar).to_be_visible()
    page.keyboard.press("[")
    expect(sidebar).to_be_hidden()
    page.keyboard.press("[")
    expect(sidebar).to_be_visible()

    page.locator("#nav-sidebar").get_by_text("operator@example.com").first.click()
    page.get_by_text("Dark", exact=True).first.click()
    expect(page.locator("html")).to_have_class("dark")
    page.reload()
    expect(page.locator("html")).to_have_class("dark")

    # An action: choosing a row shows the bar, choosing the action shows its button.
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").select_option("revoke")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("Revoked.")).to_be_visible()

    # A filter in its panel, a search, and a form that is saved.
    page.goto(f"{live_server.url}/admin/tenants/tenant/")
    page.get_by_role("link", name="Filters").or_(page.get_by_text("Filters")).first.click()
    page.get_by_role("link", name="Active", exact=True).or_(page.get_by_text("Active", exact=True)).last.click()
    page.goto(f"{live_server.url}/admin/tenants/tenant/?q=luna")
    page.get_by_role("link", name="Peluquería Luna").first.click()
    page.locator("[name=name]").fill("Peluquería Sol")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Peluquería Sol").first).to_be_visible()

    # A related row in its pop-up, a frame of the same site.
    page.goto(f"{live_server.url}/admin/flows/flow/add/")
    page.locator("[name=tenant]").select_option(label="Peluquería Sol")
    page.locator("[x-ref^='relatedWidgetWrapper']").first.click()
    page.locator("a.related-widget-wrapper-link.change-related").first.click()
    frame = page.frame_locator("iframe.related-modal-frame")
    expect(frame.locator("form").first).to_be_visible()
    assert watched.take_troubles() == []


def test_the_login_page_and_the_page_after_signing_out_are_clean(operator: User, live_server: LiveServer) -> None:
    with watched_page(live_server.url) as watched:
        watched.page.goto(f"{live_server.url}/admin/login/")
        watched.page.locator("[name=username]").fill("operator@example.com")
        watched.page.locator("[name=password]").fill("a long enough password")
        watched.page.keyboard.press("Enter")
        watched.page.wait_for_url(lambda url: "/login/" not in url)
        assert watched.take_troubles() == []


def test_a_script_that_got_into_a_page_would_not_run(watched: Watched, live_server: LiveServer) -> None:
    """The other way round: what the policy is for, seen to be stopped and told of."""
    watched.page.goto(f"{live_server.url}/admin/")
    watched.page.evaluate(
        "const script = document.createElement('script'); script.textContent = 'document.title = `taken`';"
        "document.body.append(script)"
    )
    watched.page.wait_for_timeout(300)
    told = watched.take_troubles()
    assert watched.page.title() != "taken"
    assert any(line.startswith("report: ") and "script-src-elem" in line for line in told)
