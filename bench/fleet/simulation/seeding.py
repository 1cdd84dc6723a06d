"""Tenants with a live release and a token each."""

from __future__ import annotations

from itertools import batched

from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release
from platform_admin.releases.provisioning import provision
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.actions import token_digest
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import RuntimeToken, Tenant, every_scope

BY = CommandActor("bench")
_AT_ONCE = 500
_FLOW = """\
id: greeting
initial_state: MENU
states:
  MENU:
    on_enter: [{action: send_text, text: "Hola"}]
    fallback: MENU
"""


def seed_fleet(runtimes: int) -> dict[str, str]:
    """A token of each tenant by its slug. The first tenant is published as always; the others share its content."""
    first, _ = provision(
        slug="t0", name="Peluquería 0", language="es", timezone="Europe/Madrid", channel="http_dev", by=BY
    )
    release = publish(tenant=first, by=BY, sources=Sources(flow=SourceText(_FLOW, "flow.yaml"), knowledge="# FAQ\n\nx"))
    others = Tenant.objects.bulk_create(
        (
            Tenant(slug=f"t{number}", name=f"Peluquería {number}", language="es", timezone="Europe/Madrid")
            for number in range(1, runtimes)
        ),
        batch_size=_AT_ONCE,
    )
    for some in batched(others, _AT_ONCE):
        Release.objects.bulk_create(_release_like(release, tenant) for tenant in some)
    tokens = {tenant.slug: f"fdrt_bench_{tenant.slug}_{'x' * 32}" for tenant in (first, *others)}
    RuntimeToken.objects.bulk_create(
        (
            RuntimeToken(
                tenant=tenant, digest=token_digest(tokens[tenant.slug]), prefix="fdrt_bench", scopes=every_scope()
            )
            for tenant in (first, *others)
        ),
        batch_size=_AT_ONCE,
    )
    return tokens


def _release_like(release: Release, tenant: Tenant) -> Release:
    return Release(
        tenant=tenant, serial=1, flow_version=release.flow_version, settings=release.settings,
        envelope=bytes(release.envelope), digest=release.digest, etag=release.etag, keyid=release.keyid,
        created_at=release.created_at,
    )  # fmt: skip
