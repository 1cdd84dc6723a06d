#!/usr/bin/env python
"""The control plane's commands: ``python manage.py help``."""

from __future__ import annotations

import argparse
import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db.utils import OperationalError, ProgrammingError

from platform_admin.config.build import checked_out_commit, version
from platform_admin.config.environment import EXIT_CONFIGURATION, ConfigurationError
from platform_admin.config.management.commands.init_env import Command as InitEnv
from platform_admin.fleet.demo.environment import DemoIsRunningError, demo_environment_for

EXIT_DATABASE = 69
"""EX_UNAVAILABLE of sysexits.h: worth another try once the database is there."""


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_admin.config.settings.base")
    if arguments[1:] in (["version"], ["--version"]):
        # Django would print its own version, and only with a complete environment.
        build = os.environ.get("FRONTDESK_BUILD") or checked_out_commit()
        sys.stdout.write(f"frontdesk-control-plane {version()} ({build})\n")
        return
    if arguments[1:2] == ["init_env"]:
        # It makes what the settings need, so it must run before they can be read.
        InitEnv().run_from_argv(arguments)
        return
    if arguments[1:2] == ["demo"] and "--help" not in arguments:
        # It lives on keys and a database of its own, whatever the environment or .env say.
        try:
            os.environ.update(demo_environment_for(arguments[2:]))
        except DemoIsRunningError as error:
            sys.exit(str(error))
    os.environ["DJANGO_SETTINGS_MODULE"] = _settings_module(arguments) or os.environ["DJANGO_SETTINGS_MODULE"]
    try:
        _ = settings.INSTALLED_APPS
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(EXIT_CONFIGURATION)
    try:
        execute_from_command_line(arguments)
    except (OperationalError, ProgrammingError) as error:
        reason = str(error).splitlines()[0]
        sys.stderr.write(
            f"The database cannot be used: {reason}. Is it running, and is it migrated (manage.py migrate)?\n"
        )
        sys.exit(EXIT_DATABASE)


def _settings_module(arguments: list[str]) -> str:
    """What ``--settings`` asks for. Django reads it too, but only after the settings were needed here."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--settings", default="")
    return str(parser.parse_known_args(arguments[1:])[0].settings)


if __name__ == "__main__":
    main(sys.argv)
