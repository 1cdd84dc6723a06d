"""``manage.py connect_whatsapp``: see whether a tenant's numbers are set up at Meta, and set up what is missing."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from flow_engine.vocabulary import JSON
from platform_admin.credentials.queries import secret_in_clear
from platform_admin.errors import ControlPlaneError
from platform_admin.tenants.queries import tenant_by_slug
from platform_admin.whatsapp.checks import CheckResult, Connection, Finding, run_checks
from platform_admin.whatsapp.checks.callback import LONGEST_URL
from platform_admin.whatsapp.graph import open_graph
from platform_admin.whatsapp.numbers import Number, numbers_of
from platform_admin.whatsapp.trial_message import is_phone, send_test_message

_EXIT_FAULTS = 1
_EXIT_USAGE = 2


class Command(BaseCommand):
    help = (
        "Check a tenant's WhatsApp numbers at Meta: token, scopes, app secret, number, account; subscribe the account, "
        "set the callback to the tenant's own address, fetch the templates, and send a test message to --to. "
        "--dry-run looks and changes nothing. Exit code 1 when something is wrong, with what to do about it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the tenant")
        parser.add_argument(
            "--callback-url", help="the tenant's public address, https://…/webhook; default: as it is set"
        )
        parser.add_argument("--number", help="only this phone number id")
        parser.add_argument("--to", help="send a test message to this phone, with its plus: +34600111222")
        parser.add_argument("--template", help="send this template instead of a text: name, or name:language")
        parser.add_argument("--dry-run", action="store_true", help="look, and change and send nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        _check_usage(options)
        try:
            numbers = _numbers(options["slug"], options["number"])
        except ControlPlaneError as error:
            raise CommandError(error.message, returncode=_EXIT_USAGE) from error
        reports: list[JSON] = []
        faults = 0
        for number in numbers:
            results, trial = _visit(number, options)
            faults += sum(not result.finding.is_good for result in results) + (trial is not None and not trial.is_good)
            if options["json"]:
                reports.append(_as_json(number, results, trial))
            else:
                self._print(number, results, trial)
        if options["json"]:
            self.stdout.write(json.dumps({"tenant": options["slug"], "ok": faults == 0, "numbers": reports}))
        if faults:
            raise CommandError(f"{faults} thing{'' if faults == 1 else 's'} to put right.", returncode=_EXIT_FAULTS)

    def _print(self, number: Number, results: list[CheckResult], trial: Finding | None) -> None:
        self.stdout.write(f"{number.tenant.slug} {number.phone_number_id}")
        for result in results:
            self.stdout.write(f"  {_word(result.finding, mended=result.mended):<7} {result.check.title}")
            self.stdout.write(f"          {result.finding.detail}")
        if trial is not None:
            self.stdout.write(f"  {_word(trial, mended=False):<7} {trial.detail}")


def _visit(number: Number, options: dict[str, Any]) -> tuple[list[CheckResult], Finding | None]:
    try:
        graph = open_graph(number)
    except ControlPlaneError as error:
        raise CommandError(error.message, returncode=_EXIT_FAULTS) from error
    with graph:
        connection = Connection(
            number=number,
            graph=graph,
            callback_url=options["callback_url"],
            app_secret=secret_in_clear(number.tenant, f"{number.place}.app_secret") or "",
            verify_token=secret_in_clear(number.tenant, f"{number.place}.verify_token") or "",
            now=timezone.now(),
        )
        results = run_checks(connection, mend=not options["dry_run"])
        trial = None
        if options["to"] and not options["dry_run"]:
            trial = send_test_message(graph, number, to=options["to"], template=options["template"])
    return results, trial


def _numbers(slug: str, wanted: str | None) -> list[Number]:
    numbers = [one for one in numbers_of(tenant_by_slug(slug)) if wanted in (None, one.phone_number_id)]
    if not numbers:
        which = f"no WhatsApp number {wanted}" if wanted else "no WhatsApp number"
        raise CommandError(f"The settings of {slug} have {which}.", returncode=_EXIT_USAGE)
    return numbers


def _check_usage(options: dict[str, Any]) -> None:
    url, to = options["callback_url"], options["to"]
    if url is not None and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname or len(url) > LONGEST_URL):
        message = f"--callback-url must be an https address of at most {LONGEST_URL} characters."
        raise CommandError(message, returncode=_EXIT_USAGE)
    if to is not None and not is_phone(to):
        raise CommandError("--to must be a phone number with its plus, as +34600111222.", returncode=_EXIT_USAGE)
    if options["template"] and not to:
        raise CommandError("--template goes with --to.", returncode=_EXIT_USAGE)


def _word(finding: Finding, *, mended: bool) -> str:
    if not finding.is_good:
        return "FAULT"
    if mended:
        return "mended"
    return "warning" if finding.is_warning else "ok"


def _as_json(number: Number, results: list[CheckResult], trial: Finding | None) -> JSON:
    return {
        "phone_number_id": number.phone_number_id,
        "waba_id": number.waba_id,
        "checks": [result.to_json() for result in results],
        "test_message": None if trial is None else {"ok": trial.is_good, "detail": trial.detail},
    }
