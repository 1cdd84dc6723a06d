"""The matrix: every address of the control plane, who may use it, and what that changes. One line each.

``Row`` says what the words mean (``row.py``). A new address without a line here fails the build.
"""

from __future__ import annotations

from typing import Final

from tests.fakes import webhook_bodies
from tests.platform_admin.isolation import scenes
from tests.platform_admin.isolation.bodies import archive_bytes, copy_bytes, report_bytes
from tests.platform_admin.isolation.row import Row, Who
from tests.platform_admin.isolation.rows_admin import ADMIN
from tests.platform_admin.isolation.rows_authoring import AUTHORING
from tests.platform_admin.isolation.rows_connect import CONNECT
from tests.platform_admin.isolation.rows_people import PEOPLE
from tests.platform_admin.isolation.rows_sight import SIGHT

# Addresses that anybody may ask.
PUBLIC: Final = (
    Row(route="", least=Who.ANONYMOUS, answers=302, reason="leads to the admin"),
    Row(route="favicon.ico", least=Who.ANONYMOUS, answers=302),
    Row(route="robots.txt", least=Who.ANONYMOUS),
    Row(route="health", least=Who.ANONYMOUS),
    Row(route="csp-report", method="POST", least=Who.ANONYMOUS, answers=204, sends=lambda _: b"{}"),
    Row(route="metrics", least=Who.ANONYMOUS, answers=401, reason="for Prometheus: its own token, no role has it"),
    Row(route="set_language", method="POST", least=Who.ANONYMOUS, answers=302, sends=lambda _: {"language": "es"}),
    Row(
        route="whatsapp_app_webhook", method="POST", least=Who.ANONYMOUS, answers=200,
        changes=("whatsapp.appdelivery",), sends=lambda _: b'{"object":"whatsapp_business_account","entry":[]}',
        headers=lambda body: {"X-Hub-Signature-256": webhook_bodies.sign(body, "app-secret-new")},
        reason="the signature is the key; nobody's session counts",
    ),
)  # fmt: skip

# The runtime of one tenant, by its bearer token.
RUNTIME_API: Final = (
    Row(route="runtime-bundle", least=Who.RUNTIME, changes=("tenants.runtimetoken", "observability.runtimesighting")),
    Row(route="runtime-staged-bundle", least=Who.RUNTIME, answers=404, changes=("tenants.runtimetoken",),
        reason="nothing is staged in the world of the matrix"),
    Row(route="runtime-keys", least=Who.RUNTIME, changes=("tenants.runtimetoken",)),
    Row(route="runtime-commands", least=Who.RUNTIME, changes=("tenants.runtimetoken", "commands.runtimecommand")),
    Row(route="runtime-report", method="POST", least=Who.RUNTIME, sends=lambda _: report_bytes(), as_json=True,
        # A report that tells of nothing leaves no row of its own.
        changes=("tenants.runtimetoken", "observability.runtimesighting", "commands.runtimecommand")),
    Row(route="runtime-export", method="POST", least=Who.RUNTIME, answers=201, sends=lambda _: archive_bytes(),
        changes=("tenants.runtimetoken", "commands.contactexport")),
    Row(route="runtime-staged-bundle", least=Who.RUNTIME, given=scenes.staged, changes=("tenants.runtimetoken",)),
    Row(route="runtime-copy", from_={"ticket": "ticket_out"}, least=Who.RUNTIME, changes=("tenants.runtimetoken",)),
    Row(route="runtime-copy", from_={"ticket": "ticket_in"}, method="PUT", least=Who.RUNTIME, answers=201,
        sends=lambda _: copy_bytes(), changes=("tenants.runtimetoken",)),
    Row(route="runtime-copy", from_={"ticket": "ticket_in"}, method="PUT", least=Who.RUNTIME, answers=400,
        sends=lambda _: b"", changes=("tenants.runtimetoken",), reason="that is no copy"),
)  # fmt: skip

ROWS: Final = (*PUBLIC, *RUNTIME_API, *AUTHORING, *SIGHT, *CONNECT, *PEOPLE, *ADMIN)
