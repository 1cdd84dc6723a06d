"""``manage.py run_worker``: what the control plane does by itself."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
from typing import Any

from django.core.management.base import CommandParser
from django.db import close_old_connections
from django.utils import timezone

from platform_admin.jobs.actions import step_down
from platform_admin.jobs.queries import due_jobs
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.worker.loop import Worker, next_pause
from platform_admin.worker.registry import JOB_KINDS


class Command(OperatorCommand):
    help = (
        "Watch the tenants, tell of incidents, forget what is past its time, delete tenants that are due. Any number "
        "may run: one leads, the others wait to take over. Stops at SIGTERM after the job at hand. --once does what is "
        "due now and ends; exit code 1 when a job failed. --dry-run lists what is due and does nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--once", action="store_true", help="do what is due now and end")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        if options["dry_run"]:
            waiting = [{"kind": job.kind, "key": job.key} for job in due_jobs(now=timezone.now())]
            return Told(
                "\n".join(f"{job['kind']} {job['key']}" for job in waiting) or "Nothing is due.", {"due": waiting}
            )
        holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        worker = Worker(JOB_KINDS, holder=holder, now=timezone.now)
        stopping = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopping.set())
        while True:
            stepped = worker.step(stopping=stopping.is_set)
            if options["once"]:
                break
            close_old_connections()
            if stopping.wait(next_pause(stepped).total_seconds()):
                break
        step_down(holder=holder, now=timezone.now())
        data = {"leads": stepped.leads, "done": stepped.done, "failed": stepped.failed}
        text = f"{stepped.done} jobs done, {stepped.failed} failed."
        return Told(text if stepped.leads else "Another worker leads.", data, 1 if stepped.failed else 0)
