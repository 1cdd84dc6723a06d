"""A control plane of its own with one business and its owner: where the authoring pages are used as people do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from tests.e2e.child import Child, clean_environment, run
from tests.e2e.test_whole_line import control_plane_environment, free_port

OWNER = "luna@example.com"
PASSWORD = "a long enough password"
SLUG = "luna"

_SETTINGS = {
    "channels": [{"type": "http_dev"}],
    "connectors": {"calendar": {"type": "mock_calendar"}, "llm": {"type": "mock_llm"}},
    "llm": {"enabled": True, "provider": "mock_llm", "quota_monthly_tokens": 500000},
    "business": {"name": "Peluquería Luna", "hours": {"mon": ["10:00-14:00", "17:00-21:00"]}},
}

_OWNER = f"""
import django
django.setup()
from platform_admin.tenants.models import Membership, Role, Tenant, User
owner = User.objects.create_user({OWNER!r}, {PASSWORD!r}, is_staff=True)
Membership.objects.create(user=owner, tenant=Tenant.objects.get(slug={SLUG!r}), role=Role.OWNER)
"""


@dataclass(frozen=True, slots=True)
class Site:
    """``folder`` holds the business's secrets as ``provision_tenant`` wrote them."""

    url: str
    folder: Path
    environment: dict[str, str]

    def page(self, name: str) -> str:
        return f"{self.url}/admin/authoring/{SLUG}/{name}/"

    async def sign_in(self, page: Page) -> None:
        await page.goto(f"{self.url}/sign-in/")
        await page.locator("[name=username]").fill(OWNER)
        await page.locator("[name=password]").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(lambda url: "/sign-in/" not in url)


@asynccontextmanager
async def authoring_site(folder: Path) -> AsyncIterator[Site]:
    await run(["manage.py", "init_env", "--directory", str(folder)], clean_environment())
    environment = control_plane_environment(folder)
    settings = folder / "settings.json"
    settings.write_text(json.dumps(_SETTINGS), encoding="utf-8")
    await run(["manage.py", "migrate", "--verbosity", "0"], environment)
    await run(
        [
            *("manage.py", "provision_tenant", SLUG, "--name", "Peluquería Luna", "--language", "es"),
            *("--timezone", "Europe/Madrid", "--output-dir", str(folder / "secrets")),
        ],
        environment,
    )
    await run(
        [
            *("manage.py", "publish", SLUG, "--flow", "flows/peluqueria_flow.yaml"),
            *("--knowledge", "flows/peluqueria/knowledge.md", "--settings-file", str(settings)),
        ],
        environment,
    )
    await run(["-c", _OWNER], {**environment, "DJANGO_SETTINGS_MODULE": "platform_admin.config.settings.base"})
    port = free_port()
    server = ["-m", "uvicorn", "platform_admin.config.asgi:application", "--port", str(port), "--lifespan", "off"]
    async with Child(server, environment, folder / "control-plane.log") as control_plane:
        await control_plane.until_answers(f"http://127.0.0.1:{port}/health")
        yield Site(f"http://127.0.0.1:{port}", folder, environment)
