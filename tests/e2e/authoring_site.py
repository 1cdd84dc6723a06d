"""A control plane of its own with one business and its owner: where the authoring pages are used as people do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from tests.e2e.child import Child, clean_environment, run
from tests.e2e.whole_line import control_plane_environment, free_port

OWNER = "luna@example.com"
PASSWORD = "a long enough password"
SLUG = "luna"

_SETTINGS = {
    "channels": [{"type": "http_dev"}],
    "connectors": {"calendar": {"type": "mock_calendar"}, "llm": {"type": "mock_llm"}},
    "llm": {"enabled": True, "provider": "mock_llm", "quota_monthly_tokens": 500000},
    "business": {
        "name": "Peluquería Luna",
        "phone": "600 000 000",
        "address": "Calle del Puerto, 12",
        "hours": {
            **{day: ["10:00-14:00", "17:00-21:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
            "sat": ["10:00-14:00"],
        },
        "services": [
            {"id": "corte", "name": "Corte", "minutes": 30, "price": "18 €"},
            {"id": "color", "name": "Color", "minutes": 90, "price": "45 €"},
        ],
        "staff": [{"id": "ana", "name": "Ana"}, {"id": "eva", "name": "Eva"}],
    },
}

_OWNER = f"""
import django
django.setup()
from platform_admin.tenants.models import Membership, Role, Tenant, User
owner = User.objects.create_user({OWNER!r}, {PASSWORD!r}, is_staff=True)
Membership.objects.create(user=owner, tenant=Tenant.objects.get(slug={SLUG!r}), role=Role.OWNER)
"""


_CUSTOMERS = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from platform_admin.observability.models import HandOff, UnansweredQuestion
from platform_admin.observability.report_document import TurnSeen
from platform_admin.observability.taking_in.turns import add_turns
from platform_admin.knowledge import actions as knowledge
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant
luna, now = Tenant.objects.get(slug="luna"), timezone.now()
said = [
    ("Hola", ["¡Hola, Ana! 👋 ¿En qué te ayudo? [Reservar cita | Mis citas | Horario y precios]"], "", "BIENVENIDA"),
    ("Horario y precios", ["Corte 18 € · Color 45 € · Barba 12 €"], "BIENVENIDA", "INFORMACION"),
    ("¿Puedo hablar con alguien?", ["Claro, te escribe una persona en un momento."], "INFORMACION", "PERSONA"),
]
for name, ago in (("3f2a-41", 1), ("77c1-08", 5), ("9be0-63", 30)):
    add_turns(tenant=luna, turns=[
        TurnSeen(id=f"{name}{n}", conversation=f"conv-{name}", contact=f"c-{name}", channel="whatsapp:100000000000001",
            at=now - timedelta(hours=ago, minutes=10 - n), serial=1, heard=heard, said=bubbles, state_before=before,
            state_after=after, trace={}, error=None)
        for n, (heard, bubbles, before, after) in enumerate(said[: 3 if ago == 1 else 2])
    ])
HandOff.objects.create(tenant=luna, hand_off_id="1", conversation="conv-3f2a-41", contact="c-3f2a-41", open=True,
    channel="whatsapp:100000000000001", at=now - timedelta(hours=1), reason="Quiere hablar con alguien", messages=[])
asked = ["¿Hacéis manicura?", "¿Hacéis la manicura?", "haceis manicura", "¿Puedo llevar perro?"]
for n, question in enumerate(asked):
    UnansweredQuestion.objects.create(tenant=luna, question_id=str(n), question=question, language="es", at=now)
for question, heading in (("¿Cuánto cuesta el corte?", "Servicios y precios"), ("¿Hay piscina?", "")):
    knowledge.expect(tenant=luna, question=question, heading=heading, by=CommandActor("test"))
"""
"""Three customers, one of whom waits for a person, and what some asked in vain."""


@dataclass(frozen=True, slots=True)
class Site:
    """``folder`` holds the business's secrets as ``provision_tenant`` wrote them."""

    url: str
    folder: Path
    environment: dict[str, str]

    def page(self, name: str) -> str:
        """``home`` is the business's first page; ``customers/…`` and the like go deeper."""
        return f"{self.url}/admin/authoring/{SLUG}/" + ("" if name == "home" else f"{name}/")

    async def sign_in(self, page: Page) -> None:
        await page.goto(f"{self.url}/sign-in/")
        await page.locator("[name=username]").fill(OWNER)
        await page.locator("[name=password]").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(lambda url: "/sign-in/" not in url)


@asynccontextmanager
async def authoring_site(folder: Path, *, published: bool = True) -> AsyncIterator[Site]:
    """``published=False``: the business is as new as it can be, with a development channel and nothing else."""
    await run(["manage.py", "init_env", "--directory", str(folder)], clean_environment())
    environment = control_plane_environment(folder)
    settings = folder / "settings.json"
    settings.write_text(json.dumps(_SETTINGS), encoding="utf-8")
    await run(["manage.py", "migrate", "--verbosity", "0"], environment)
    await run(
        [
            *("manage.py", "provision_tenant", SLUG, "--name", "Peluquería Luna", "--language", "es"),
            *("--timezone", "Europe/Madrid", "--output-dir", str(folder / "secrets"), "--channel", "http_dev"),
        ],
        environment,
    )
    if published:
        await run(
            [
                *("manage.py", "publish", SLUG, "--flow", "flows/peluqueria_flow.yaml"),
                *("--knowledge", "flows/peluqueria/knowledge.md", "--settings-file", str(settings)),
            ],
            environment,
        )
    django = {**environment, "DJANGO_SETTINGS_MODULE": "platform_admin.config.settings.base"}
    await run(["-c", _OWNER], django)
    if published:
        await run(["-c", _CUSTOMERS], django)
    port = free_port()
    server = ["-m", "uvicorn", "platform_admin.config.asgi:application", "--port", str(port), "--lifespan", "off"]
    async with Child(server, environment, folder / "control-plane.log") as control_plane:
        await control_plane.until_answers(f"http://127.0.0.1:{port}/health")
        yield Site(f"http://127.0.0.1:{port}", folder, environment)
