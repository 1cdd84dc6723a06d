"""The demo's content, made through the same verbs that staff and operators use: an operator and a hairdresser's.

Everything may be called again at every start; what exists stays, and staff's own edits are not published over.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path

from django.db import transaction

from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.queries import credential_fields
from platform_admin.errors import NotThereError
from platform_admin.fleet.actions import deploy
from platform_admin.fleet.demo.environment import ROOT
from platform_admin.fleet.models import Deployment
from platform_admin.people.actions.accounts import create_first_operator, renew_password
from platform_admin.releases.actions import publish
from platform_admin.releases.provisioning import provision
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant, User
from platform_admin.tenants.queries import tenant_by_slug

DEMO = CommandActor("demo")
OPERATOR_EMAIL = "operator@frontdesk.example"
SLUG = "luna"
PHONE_NUMBER_ID = "100000000000001"

FLOW_FILE = ROOT / "flows" / "peluqueria_flow.yaml"
KNOWLEDGE_FILE = ROOT / "flows" / "peluqueria" / "knowledge.md"

SETTINGS = {
    "channels": [{"type": "http_dev"}, {"type": "whatsapp", "phone_number_id": PHONE_NUMBER_ID}],
    "connectors": {"calendar": {"type": "mock_calendar"}, "llm": {"type": "mock_llm"}},
    "llm": {"enabled": True, "provider": "mock_llm", "quota_monthly_tokens": 500_000},
    "business": {"name": "Peluquería Luna"},
}

_PASSWORD_BYTES = 12
"""96 bits; sixteen characters to type."""


@transaction.atomic
def renew_operator() -> tuple[str, str]:
    """The demo operator's address and a new random password; only its hash is stored."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    operator = User.objects.filter(email=OPERATOR_EMAIL).first()
    if operator is None:
        create_first_operator(email=OPERATOR_EMAIL, password=password, by=DEMO)
    else:
        renew_password(user=operator, password=password, by=DEMO)
    return OPERATOR_EMAIL, password


def ensure_hairdresser(mark: Path, *, port: int) -> Deployment:
    """Peluquería Luna, provisioned, published and deployed.

    ``mark`` remembers which shipped content was published, so that a later start publishes only what changed since.
    """
    try:
        tenant = tenant_by_slug(SLUG)
    except NotThereError:
        tenant, _ = provision(
            slug=SLUG, name="Peluquería Luna", language="es", timezone="Europe/Madrid", channel="http_dev", by=DEMO
        )
    flow, knowledge = FLOW_FILE.read_text(), KNOWLEDGE_FILE.read_text()
    settings = json.dumps(SETTINGS, ensure_ascii=False)
    content = hashlib.sha256(f"{flow}\0{knowledge}\0{settings}".encode()).hexdigest()
    if not mark.is_file() or mark.read_text() != content:
        _publish(tenant, flow=flow, knowledge=knowledge, settings=settings)
        mark.write_text(content)
    return deploy(tenant=tenant, by=DEMO, port=port)


def _publish(tenant: Tenant, *, flow: str, knowledge: str, settings: str) -> None:
    stored = credential_fields(tenant)
    for name in ("access_token", "app_secret", "verify_token"):
        if (field := f"channels.1.{name}") not in stored:
            set_credential(tenant=tenant, field=field, value=secrets.token_urlsafe(), by=DEMO)
    sources = Sources(
        flow=SourceText(flow, str(FLOW_FILE.relative_to(ROOT))),
        knowledge=knowledge,
        settings=SourceText(settings, "demo settings"),
    )
    publish(tenant=tenant, by=DEMO, sources=sources, note="The demo's content")
