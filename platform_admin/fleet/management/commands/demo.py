"""``manage.py demo``: the whole platform on one machine, with a hairdresser's to talk to."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_admin.errors import ControlPlaneError, HasFaultsError
from platform_admin.fleet.demo.business import ensure_hairdresser, renew_operator
from platform_admin.fleet.demo.console import Console
from platform_admin.fleet.demo.environment import CONTROL_PLANE_PORT, RUNTIME_PORT, STATE
from platform_admin.fleet.demo.health import Interrupted, NotReadyError
from platform_admin.fleet.demo.stack import Stack
from platform_admin.fleet.drivers.process import port_is_taken

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = (
        "Start a control plane and one tenant's runtime on this machine, publish a hairdresser's flow through the real "
        "release path, and show both logs until Ctrl-C. Needs no credentials and no network."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        # Read by manage.py too, which throws the old state away before the settings are read.
        parser.add_argument("--reset", action="store_true", help="start over: forget all data of the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in _STOP_SIGNALS:
            signal.signal(number, lambda *_: stopping.set())
        _refuse_taken_ports()
        console = Console(sys.stdout)
        stack = Stack(console, stopping=stopping)
        try:
            self._start(console, stack)
            stopping.wait()
        except Interrupted:
            pass  # asked to stop before everything ran
        except HasFaultsError as error:
            raise CommandError("\n".join([error.message, *map(str, error.faults)])) from error
        except (ControlPlaneError, NotReadyError) as error:
            raise CommandError(str(error)) from error
        finally:
            console.say("stopping …")
            stack.stop()
        console.say("stopped")

    def _start(self, console: Console, stack: Stack) -> None:
        console.say("preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        email, password = renew_operator()
        deployment = ensure_hairdresser(STATE / "published.sha256")
        console.say("starting …")
        stack.start_control_plane()
        graph_url = stack.start_graph()
        stack.start_runtime(deployment, graph_base_url=graph_url)
        rows = (
            (f"Chat with {deployment.tenant.name}", f"http://localhost:{deployment.port}/chat"),
            ("Admin", f"http://localhost:{CONTROL_PLANE_PORT}/admin/"),
            ("  sign in as", email),
            ("  password", password),
            ("Sent to WhatsApp (fake)", f"{graph_url}/"),
        )
        width = max(len(label) for label, _ in rows)
        hint = "Ctrl-C stops everything; make demo RESET=1 starts over."
        console.box((*(f"{label:<{width}}   {value}" for label, value in rows), "", hint))


def _refuse_taken_ports() -> None:
    for port, purpose in ((CONTROL_PLANE_PORT, "control plane"), (RUNTIME_PORT, "runtime")):
        if port_is_taken("127.0.0.1", port):
            message = f"Port {port} is in use, but the {purpose} needs it. Stop the program that listens there first."
            raise CommandError(message)
