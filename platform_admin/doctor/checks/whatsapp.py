"""The numbers of the tenant, with the checks that ``connect_whatsapp`` makes; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from platform_admin.credentials.queries import secret_in_clear
from platform_admin.doctor.finding import Finding, bad, good, look
from platform_admin.errors import ControlPlaneError
from platform_admin.observability.standing import Standing
from platform_admin.whatsapp.checks import Connection, run_checks
from platform_admin.whatsapp.graph import open_graph
from platform_admin.whatsapp.numbers import Number, numbers_of


def whatsapp(standing: Standing) -> Iterator[Finding]:
    slug = standing.tenant.slug
    for number in numbers_of(standing.tenant):
        try:
            yield from _of_number(number, slug)
        except ControlPlaneError as error:
            yield bad(error.message, f"Run manage.py connect_whatsapp {slug}.")


def _of_number(number: Number, slug: str) -> Iterator[Finding]:
    with open_graph(number) as graph:
        connection = Connection(
            number=number,
            graph=graph,
            callback_url=None,
            app_secret=secret_in_clear(number.tenant, f"{number.place}.app_secret") or "",
            verify_token=secret_in_clear(number.tenant, f"{number.place}.verify_token") or "",
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
