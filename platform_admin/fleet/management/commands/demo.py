"""``manage.py demo``: the whole platform on one machine, with a hairdresser's to talk to."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_admin.errors import ControlPlaneError, HasFaultsError
from platform_admin.fleet.demo.business import ensure_hairdresser, renew_operator
from platform_admin.fleet.demo.console import Console
from platform_admin.fleet.demo.environment import add_demo_arguments
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
        add_demo_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in _STOP_SIGNALS:
            signal.signal(number, lambda *_: stopping.set())
        ports = {"control plane": options["control_plane_port"], "runtime": options["runtime_port"]}
        _refuse_taken(ports)
        console = Console(sys.stdout)
        state = options["state"]
        stack = Stack(console, state=state, control_plane_port=ports["control plane"], stopping=stopping)
        try:
            self._start(console, stack, state=state, ports=ports)
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

    def _start(self, console: Console, stack: Stack, *, state: Path, ports: Mapping[str, int]) -> None:
        console.say("preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        email, password = renew_operator()
        deployment = ensure_hairdresser(state / "published.sha256", port=ports["runtime"])
        console.say("starting …")
        stack.start_control_plane()
        stack.start_worker()
        graph_url = stack.start_graph()
        stack.start_runtime(deployment, graph_base_url=graph_url)
        rows = (
            (f"Chat with {deployment.tenant.name}", f"http://localhost:{deployment.port}/chat"),
            ("Admin", f"http://localhost:{ports['control plane']}/admin/"),
            ("  sign in as", email),
            ("  password", password),
            ("Sent to WhatsApp (fake)", f"{graph_url}/"),
        )
        width = max(len(label) for label, _ in rows)
        hint = "Ctrl-C stops everything; make demo RESET=1 starts over."
        console.box((*(f"{label:<{width}}   {value}" for label, value in rows), "", hint))


def _refuse_taken(ports: Mapping[str, int]) -> None:
    for purpose, port in ports.items():
        if port_is_taken("127.0.0.1", port):
            message = f"Port {port} is in use, but the {purpose} needs it. Stop the program that listens there first."
            raise CommandError(message)
