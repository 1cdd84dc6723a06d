"""``manage.py connect_whatsapp``: see whether a tenant's numbers are set up at Meta, and set up what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from flow_engine.vocabulary import JSON
from platform_admin.credentials.purpose import Purpose
from platform_admin.errors import ControlPlaneError, HasFaultsError
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.queries import tenant_by_slug
from platform_admin.whatsapp.checks import CheckResult, Connection, run_checks
from platform_admin.whatsapp.checks.callback import LONGEST_URL
from platform_admin.whatsapp.checks.finding import Finding
from platform_admin.whatsapp.connecting import connect_number
from platform_admin.whatsapp.graph import APP_SECRET, VERIFY_TOKEN, open_graph, secrets_of
from platform_admin.whatsapp.numbers import Number, numbers_of
from platform_admin.whatsapp.public_address import webhook_address
from platform_admin.whatsapp.trial_message import is_phone, send_test_message

_EXIT_FAULTS = 1
_EXIT_USAGE = 2
_BY: Final = CommandActor("connect_whatsapp")

_HINTS: Final[Mapping[str, str]] = {
    "token": "Store it: manage.py set_credential {slug} {place}.access_token",
    "scopes": "Store it: manage.py set_credential {slug} {place}.access_token",
    "app_secret": "Store it: manage.py set_credential {slug} {place}.app_secret",
    "callback": "Give it with --callback-url.",
}
"""What whoever has a command line does about a fault, by the check's code. The findings are for everybody."""
_NOT_ARRIVED: Final = "If nothing arrives, that phone has not written to the number within 24 hours: use --template."


class Command(BaseCommand):
    help = (
        "Check a tenant's WhatsApp numbers at Meta: token, scopes, app secret, number, account; subscribe the account, "
        "set the callback to the tenant's own address, fetch the templates, and send a test message to --to. "
        "--dry-run looks and changes nothing. Exit code 1 when something is wrong, with what to do about it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the tenant")
        parser.add_argument(
            "--callback-url",
            help="the tenant's public address, https://…/webhook; default: by RUNTIME_PUBLIC_URL, else as it is set",
        )
        parser.add_argument("--number", help="only this phone number id")
        parser.add_argument(
            "--account", help="enter --number with this account (WABA id) into the tenant's settings before all else"
        )
        parser.add_argument("--to", help="send a test message to this phone, with its plus: +34600111222")
        parser.add_argument("--template", help="send this template instead of a text: name, or name:language")
        parser.add_argument("--dry-run", action="store_true", help="look, and change and send nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        _check_usage(options)
        if options["account"] and not options["dry_run"]:
            _enter(options)
        try:
            numbers = _numbers(options["slug"], options["number"])
        except ControlPlaneError as error:
            raise CommandError(error.message, returncode=_EXIT_USAGE) from error
        reports: list[JSON] = []
        faults = 0
        for number in numbers:
            results, trial = _visit(number, options)
            hints = {result.check.code: _hint(result, number, options) for result in results}
            faults += sum(not result.finding.is_good for result in results) + (trial is not None and not trial.is_good)
            if options["json"]:
                reports.append(_as_json(number, results, trial, hints))
            else:
                self._print(number, results, trial, hints)
            if trial is not None and trial.is_good and not options["template"] and not options["json"]:
                self.stdout.write(f"          {_NOT_ARRIVED}")
        if options["json"]:
            self.stdout.write(json.dumps({"tenant": options["slug"], "ok": faults == 0, "numbers": reports}))
        if faults:
            raise CommandError(f"{faults} thing{'' if faults == 1 else 's'} to put right.", returncode=_EXIT_FAULTS)

    def _print(
        self, number: Number, results: list[CheckResult], trial: Finding | None, hints: Mapping[str, str]
    ) -> None:
        self.stdout.write(f"{number.tenant.slug} {number.phone_number_id}")
        for result in results:
            self.stdout.write(f"  {_word(result.finding, mended=result.mended):<7} {result.check.title}")
            self.stdout.write(f"          {result.finding.detail} {hints[result.check.code]}".rstrip())
        if trial is not None:
            self.stdout.write(f"  {_word(trial, mended=False):<7} {trial.detail}")


def _enter(options: dict[str, Any]) -> None:
    """The number into the settings, as the page *Connections* does it; its secrets come by ``set_credential``."""
    try:
        tenant = tenant_by_slug(options["slug"])
        connect_number(
            tenant=tenant,
            phone_number_id=options["number"],
            waba_id=options["account"],
            secrets={},
            by=_BY,
        )
    except HasFaultsError as error:
        told = " ".join(fault.message for fault in error.faults)
        raise CommandError(f"{options['number']} was not entered. {told}", returncode=_EXIT_USAGE) from error
    except ControlPlaneError as error:
        raise CommandError(error.message, returncode=_EXIT_USAGE) from error


def _visit(number: Number, options: dict[str, Any]) -> tuple[list[CheckResult], Finding | None]:
    try:
        secrets = secrets_of(number, purpose=Purpose.PROBE, by=_BY)
        graph = open_graph(number, secrets)
    except ControlPlaneError as error:
        raise CommandError(error.message, returncode=_EXIT_FAULTS) from error
    with graph:
        connection = Connection(
            number=number,
            graph=graph,
            callback_url=options["callback_url"] or webhook_address(number.tenant),
            app_secret=secrets.get(APP_SECRET, ""),
            verify_token=secrets.get(VERIFY_TOKEN, ""),
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
    if options["account"] and not options["number"]:
        raise CommandError("--account goes with --number.", returncode=_EXIT_USAGE)
    if options["template"] and not to:
        raise CommandError("--template goes with --to.", returncode=_EXIT_USAGE)


def _hint(result: CheckResult, number: Number, options: dict[str, Any]) -> str:
    if result.finding.is_good or (result.check.code == "callback" and options["callback_url"]):
        return ""
    return _HINTS.get(result.check.code, "").format(slug=number.tenant.slug, place=number.place)


def _word(finding: Finding, *, mended: bool) -> str:
    if not finding.is_good:
        return "FAULT"
    if mended:
        return "mended"
    return "warning" if finding.is_warning else "ok"


def _as_json(number: Number, results: list[CheckResult], trial: Finding | None, hints: Mapping[str, str]) -> JSON:
    return {
        "phone_number_id": number.phone_number_id,
        "waba_id": number.waba_id,
        "checks": [{**result.to_json(), "hint": hints[result.check.code]} for result in results],
        "test_message": None if trial is None else {"ok": trial.is_good, "detail": trial.detail},
    }
