"""The demo's own keys, database and files, apart from any other control plane of this checkout.

``manage.py`` asks for it before Django reads its settings.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from platform_admin.config.environment import with_env_file
from platform_admin.config.management.commands.init_env import Command as InitEnv
from platform_admin.fleet.drivers.leftovers import end_leftover

ROOT = Path(__file__).resolve().parents[3]

CONTROL_PLANE_PORT = 8001

_DEADLINE_S = 10.0
"""A child of a killed demo gets this long to finish before it is killed too."""


class DemoIsRunningError(Exception):
    """Another process has this demo; the message says what to do."""


def add_demo_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``manage.py demo`` understands; read before the settings are, and by Django once more."""
    parser.add_argument("--reset", action="store_true", help="start over: forget all data of the demo")
    parser.add_argument(
        "--state", type=Path, default=ROOT / ".frontdesk" / "demo", help="where the demo keeps its data"
    )
    parser.add_argument("--control-plane-port", type=int, default=CONTROL_PLANE_PORT, metavar="PORT")
    parser.add_argument("--runtime-port", type=int, default=8002, metavar="PORT")


def demo_environment_for(arguments: Sequence[str]) -> dict[str, str]:
    """``demo_environment`` for a command line; what it does not understand is left for Django to refuse."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    add_demo_arguments(parser)
    options, _ = parser.parse_known_args(arguments)
    return demo_environment(options.state, reset=options.reset, port=options.control_plane_port)


def demo_environment(state: Path, *, reset: bool, port: int = CONTROL_PLANE_PORT) -> dict[str, str]:
    """The control plane's environment of the demo; keys are made on the first call. ``reset`` throws all away first.

    Raises:
        DemoIsRunningError: two demos would share a database and the ports.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    _hold_lock(state.with_suffix(".lock"))
    end_leftovers(state)
    if reset:
        shutil.rmtree(state)
    with Path(os.devnull).open("w") as nowhere:
        InitEnv(stdout=nowhere).handle(directory=state)
    return {
        **with_env_file({}, root=state),
        "SIGNING_KEY_FILE": str(state / ".frontdesk" / "signing_key.pem"),
        "DATABASE_URL": f"sqlite:///{state / 'control-plane.sqlite3'}",
        "PUBLIC_URL": f"http://localhost:{port}",
        "SKIP_SECOND_FACTOR": "true",  # one machine, a password that is new at every start
    }


def _hold_lock(path: Path) -> None:
    """Held until this process ends, however it ends; its children do not inherit it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        message = "The demo is running already. Stop it with Ctrl-C where it runs, then start again."
        raise DemoIsRunningError(message) from None


def end_leftovers(state: Path) -> None:
    """End what a demo that was killed left running, so that its ports are free again."""
    for pid_file in sorted(state.rglob("*.pid")):
        end_leftover(pid_file, deadline_s=_DEADLINE_S)
