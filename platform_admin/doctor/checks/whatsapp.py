"""The numbers of the tenant, with the checks that ``connect_whatsapp`` makes; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils import timezone

from platform_admin.credentials.purpose import Purpose
from platform_admin.doctor.finding import Finding, bad, good, look
from platform_admin.errors import ControlPlaneError
from platform_admin.observability.standing import Standing
from platform_admin.tenants.actor import CommandActor
from platform_admin.whatsapp.checks import Connection, run_checks
from platform_admin.whatsapp.graph import APP_SECRET, VERIFY_TOKEN, open_graph, secrets_of
from platform_admin.whatsapp.numbers import Number, numbers_of

_BY: Final = CommandActor("doctor")


def whatsapp(standing: Standing) -> Iterator[Finding]:
    slug = standing.tenant.slug
    for number in numbers_of(standing.tenant):
        try:
            yield from _of_number(number, slug)
        except ControlPlaneError as error:
            yield bad(error.message, f"Run manage.py connect_whatsapp {slug}.")


def _of_number(number: Number, slug: str) -> Iterator[Finding]:
    secrets = secrets_of(number, purpose=Purpose.PROBE, by=_BY)
    with open_graph(number, secrets) as graph:
        connection = Connection(
            number=number,
            graph=graph,
            callback_url=None,
            app_secret=secrets.get(APP_SECRET, ""),
            verify_token=secrets.get(VERIFY_TOKEN, ""),
            now=timezone.now(),
        )
        results = run_checks(connection, mend=False)
    for result in results:
        says = f"{number.phone_number_id}: {result.finding.detail}"
        if not result.finding.is_good:
            yield bad(says, f"Run manage.py connect_whatsapp {slug}.")
        elif result.finding.is_warning:
            yield look(says, f"Run manage.py connect_whatsapp {slug}.")
        else:
            yield good(says)
