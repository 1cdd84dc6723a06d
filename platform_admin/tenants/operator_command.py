"""What the operators' commands have in common: ``--json``, ``--dry-run``, and what their exit codes mean.

0 done; 1 refused, the message says why; 2 wrong usage; anything else is the command's own and stands in its help.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from platform_admin.errors import ControlPlaneError, HasFaultsError
from platform_admin.tenants.actor import CommandActor

EXIT_REFUSED: Final = 1
EXIT_USAGE: Final = 2


@dataclass(frozen=True, slots=True)
class Told:
    """What a command has to say: for people, for programs, and to the shell."""

    text: str
    data: Mapping[str, object]
    exit_code: int = 0


class OperatorCommand(BaseCommand):
    """``run`` does the work and returns what there is to tell. With ``--dry-run`` what it did is taken back."""

    changes_something: ClassVar[bool] = True
    by_shell = False

    def run_from_argv(self, argv: list[str]) -> None:
        self.by_shell = True
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
        if self.changes_something:
            parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options.get("dry_run", False)
        try:
            told = self._run_and_take_back(options) if dry else self.run(self.actor, options)
        except HasFaultsError as error:
            faults = [fault.to_json() for fault in error.faults]
            self._print(options, "\n".join(map(str, error.faults)), {"error": error.message, "faults": [*faults]})
            raise CommandError(error.message, returncode=EXIT_REFUSED) from error
        except ControlPlaneError as error:
            raise CommandError(error.message, returncode=EXIT_REFUSED) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=EXIT_USAGE) from error
        hint = "\nThis was a trial: nothing was changed." if dry else ""
        self._print(options, told.text + hint, {**told.data, **({"dry_run": True} if dry else {})})
        if told.exit_code and self.by_shell:
            sys.exit(told.exit_code)  # all is said: Django would add an error without words
        if told.exit_code:
            raise CommandError("", returncode=told.exit_code)

    @property
    def actor(self) -> CommandActor:
        return CommandActor(type(self).__module__.rpartition(".")[2])

    def _run_and_take_back(self, options: dict[str, Any]) -> Told:
        with transaction.atomic():
            told = self.run(self.actor, options)
            transaction.set_rollback(True)
        return told

    def _print(self, options: dict[str, Any], text: str, data: Mapping[str, object]) -> None:
        line = json.dumps(data, ensure_ascii=False) if options["json"] else text
        if line.strip():
            self.stdout.write(line)
