"""``python -m runtime backup|restore|inspect``: for the operator, whether the tenant runs or not.

A running tenant is asked and does it itself; a second program never opens the file of a live one. With a ticket of the
control plane instead of a file, the copy goes to it or comes from it; a stopped tenant on a cluster is copied so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flow_engine.vocabulary import JSONObject
from runtime.errors import StoreError, StoreInUseError, TenantRuntimeError
from runtime.maintenance.backup import back_up
from runtime.maintenance.inspection import inspect_file
from runtime.maintenance.live import ask, offline
from runtime.maintenance.restore import restore
from runtime.maintenance.road import fetch_and_restore, hand_over
from runtime.media.folder import FOLDER_NAME, MediaFolder
from runtime.store.sqlite.state_store import STATE_FILE

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_IN_USE: Final = 75


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Do one thing and print what came of it as JSON; the exit code as in ``python -m runtime --help``."""
    parser = _parser()
    given = parser.parse_args(arguments)
    folder = given.state_dir or environment.get("STATE_DIR", "").strip()
    if not folder:
        print("frontdesk-runtime: say which tenant with STATE_DIR or --state-dir", file=sys.stderr)  # noqa: T201 - a person reads it
        return EXIT_USAGE
    work: Callable[[Path, argparse.Namespace, Mapping[str, str]], JSONObject] = given.work
    try:
        found = work(Path(folder), given, environment)
    except StoreInUseError:
        print("frontdesk-runtime: this tenant is running; stop it first", file=sys.stderr)  # noqa: T201 - as above
        return EXIT_IN_USE
    except (TenantRuntimeError, OSError) as error:
        print(f"frontdesk-runtime: {error}", file=sys.stderr)  # noqa: T201 - as above
        return EXIT_FAILED
    print(json.dumps(found, indent=2))  # noqa: T201 - the result
    return EXIT_OK


_ROADS: Final = {
    "backup": ("--hand-over", "send the copy of a stopped tenant to the control plane that gave this ticket"),
    "restore": ("--fetch", "take the copy from the control plane that gave this ticket"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m runtime")
    kinds = parser.add_subparsers(required=True)
    for name, words, work in (
        ("backup", "write a verified copy of the state to a new file", _backup),
        ("restore", "put a copy in the place of the state; the former one is moved aside", _restore),
        ("inspect", "tell what the state holds, in numbers", _inspect),
    ):
        kind = kinds.add_parser(name, help=words, description=words)
        kind.add_argument("--state-dir", help="the tenant's folder (default: STATE_DIR)")
        kind.set_defaults(work=work)
        if work is not _inspect:
            place = kind.add_mutually_exclusive_group(required=True)
            place.add_argument("file", type=Path, nargs="?")
            option, meaning = _ROADS[name]
            place.add_argument(option, dest="ticket", metavar="TICKET", help=meaning)
    return parser


def _backup(folder: Path, given: argparse.Namespace, environment: Mapping[str, str]) -> JSONObject:
    if given.ticket is not None:
        return hand_over(folder, given.ticket, environment)
    file, target = _state_file(folder), given.file.absolute()
    with offline(file) as alone:
        if alone:
            return back_up(file, target, media=MediaFolder(folder / FOLDER_NAME)).to_json()
    return ask(folder, "POST", "/internal/backup", {"path": str(target)}, environment)


def _restore(folder: Path, given: argparse.Namespace, environment: Mapping[str, str]) -> JSONObject:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if given.ticket is not None:
        return fetch_and_restore(folder, given.ticket, environment, at=datetime.now(UTC))
    tenant = environment.get("TENANT_ID", "").strip() or None
    return restore(given.file, folder / STATE_FILE, at=datetime.now(UTC), tenant=tenant).to_json()


def _inspect(folder: Path, _given: argparse.Namespace, environment: Mapping[str, str]) -> JSONObject:
    file = _state_file(folder)
    with offline(file) as alone:
        if alone:
            return inspect_file(file)
    return ask(folder, "GET", "/internal/inspect", None, environment)


def _state_file(folder: Path) -> Path:
    file = folder / STATE_FILE
    if not file.is_file():
        raise StoreError(f"there is no state in {folder}")
    return file
