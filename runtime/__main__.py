"""``python -m runtime``: serve one tenant until told to stop. With a command: do that and end.

Exit codes: 0 stopped as asked, 1 the state cannot be opened, 2 wrong usage, 65 the state is damaged or of another
tenant, 70 the event loop hung, 75 tenant or port already served, 78 environment or configuration cannot be used
(sysexits.h: EX_DATAERR, EX_SOFTWARE, EX_TEMPFAIL, EX_CONFIG).
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from runtime.app import open_runtime
from runtime.channels.factory import entrances
from runtime.errors import ConfigurationError, StoreError, StoreInUseError, StoreTooNewError, StoreUnavailableError
from runtime.maintenance.live import leave_endpoint
from runtime.memory import drop_first_forms
from runtime.server import serve
from runtime.settings import ControlPlane, Settings
from runtime.stop_signals import stop_signals
from runtime.telemetry.json_log import configure_logging
from runtime.telemetry.redaction import Redactor
from runtime.version import VERSION, build_id, describe

log = logging.getLogger("runtime")

EXIT_OK: Final = 0
EXIT_STATE_UNAVAILABLE: Final = 1
EXIT_ALREADY_RUNNING: Final = 75
EXIT_BAD_CONFIGURATION: Final = 78
EXIT_BAD_STATE: Final = 65

USAGE: Final = """\
environment of a development start:
  TENANT_CONFIG_PATH       a tenant as YAML, such as tests/configs/dev_tenant.yaml; then nothing else is needed

environment of a start from the control plane (all required):
  CONTROL_PLANE_URL        where bundles are fetched
  TENANT_ID                which tenant this process serves
  RUNTIME_TOKEN_FILE       bearer token for the control plane
  TENANT_FERNET_KEYS_FILE  keys of the tenant's secrets, newest first, one a line
  BUNDLE_PUBLIC_KEYS_FILE  whose signatures are believed
  STATE_DIR                the tenant's own folder (development: .frontdesk/dev/<tenant_id>)

optional:
  HOST, PORT               where to listen (127.0.0.1, 8002)
  GRAPH_BASE_URL, GRAPH_VERSION
                           another WhatsApp API, for tests
  TELEGRAM_BASE_URL        another Telegram Bot API: a server of your own, or one for tests
  TRUSTED_PROXIES          whose X-Forwarded-For is believed (web chat): addresses or networks, comma separated
  INTERNAL_TOKEN_FILE      opens /metrics, /run-task and /internal (default: a random one in STATE_DIR)
  HTTP_DEV_ALLOW_REMOTE=1  open the development channel to other machines
  EGRESS_ALLOW             networks beyond the public internet that tenants' connectors may call (10.1.0.0/16, …)
  EGRESS_ALLOW_HTTP=1      let them call public addresses over plain http as well

commands:
  parse-webhook FILE…      show what the bodies of a WhatsApp webhook hold, one JSON line each

beside serving:
  backup FILE, restore FILE, inspect
                           copy, replace and look into the state in STATE_DIR, whether the tenant runs or not
  backup --hand-over TICKET, restore --fetch TICKET
                           the same over the control plane that gave the ticket; the tenant is stopped

exit codes: 0 stopped as asked, 1 state unavailable, 2 usage, 65 damaged or foreign state, 70 hung, 75 already running,
78 bad configuration
"""


class StartError(Exception):
    """The process ends with ``code`` after saying ``lines``."""

    def __init__(self, code: int, lines: Sequence[str]) -> None:
        super().__init__("; ".join(lines))
        self.code = code
        self.lines = lines


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run to the end and return the exit code."""
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments, environment)
    build = build_id()
    if arguments:
        _answer_options(arguments, build)
    try:
        _run(environment, build)
    except StartError as error:
        for line in error.lines:
            print(f"frontdesk-runtime: {line}", file=sys.stderr)  # noqa: T201 - said to a person, before logs exist
        return error.code
    return EXIT_OK


def _answer_options(arguments: Sequence[str], build: str) -> None:
    """``--help`` and ``--version`` end the process; anything else is wrong usage and does so too."""
    import argparse  # noqa: PLC0415 - serving takes no options

    parser = argparse.ArgumentParser(
        prog="python -m runtime",
        description="Serve one tenant.",
        epilog=USAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=describe(build))
    parser.parse_args(arguments)


def _parse_webhook(arguments: Sequence[str], _environment: Mapping[str, str]) -> int:
    from runtime.channels.whatsapp import parse_command  # noqa: PLC0415 - serving does without it

    return parse_command.main(arguments[1:])


def _maintain(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    from runtime.maintenance import command_line  # noqa: PLC0415 - the same

    return command_line.main(arguments, environment)


type Beside = Callable[[Sequence[str], Mapping[str, str]], int]

COMMANDS: Final[Mapping[str, Beside]] = {
    "parse-webhook": _parse_webhook,
    "backup": _maintain,
    "restore": _maintain,
    "inspect": _maintain,
}
"""What can be done beside serving."""


def _run(environment: Mapping[str, str], build: str) -> None:
    try:
        settings = Settings.from_environment(environment)
        listener = _listen(settings)
    except ConfigurationError as error:
        raise StartError(EXIT_BAD_CONFIGURATION, [*error.problems, *_trial_start(environment)]) from error
    with listener:
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(_serve(settings, listener, build))
        except ConfigurationError as error:
            raise StartError(EXIT_BAD_CONFIGURATION, error.problems) from error
        except StoreTooNewError as error:
            raise StartError(EXIT_BAD_CONFIGURATION, [f"{error} Start the newer version."]) from error
        except StoreInUseError as error:
            message = "this tenant is already served by another process; stop that one first"
            raise StartError(EXIT_ALREADY_RUNNING, [message]) from error
        except StoreUnavailableError as error:
            raise StartError(EXIT_STATE_UNAVAILABLE, [str(error)]) from error
        except StoreError as error:
            hint = "the file was not touched; put a copy in its place: python -m runtime restore <file>"
            raise StartError(EXIT_BAD_STATE, [str(error), hint]) from error


def _trial_start(environment: Mapping[str, str]) -> list[str]:
    """A way in for whoever set nothing yet; beside the point for a mistake in a setting."""
    if any(environment.get(variable) for variable in ("TENANT_CONFIG_PATH", "CONTROL_PLANE_URL", "TENANT_ID")):
        return []
    return ["for a trial start: TENANT_CONFIG_PATH=tests/configs/dev_tenant.yaml python -m runtime"]


async def _serve(settings: Settings, listener: socket.socket, build: str) -> None:
    tenant = settings.source.tenant_id if isinstance(settings.source, ControlPlane) else ""
    redactor = Redactor(hashlib.sha256(tenant.encode()).digest())
    configure_logging(redactor, tenant=tenant)
    host, port = listener.getsockname()[:2]

    with stop_signals() as signals:
        async with open_runtime(settings, redactor=redactor, build=build) as runtime:

            def listening() -> None:
                leave_endpoint(runtime.folder, f"http://{_reachable(host)}:{port}")
                log.info("listening on %s:%d", host, port, extra={"version": VERSION, "build": build})
                for name, path in entrances(runtime.development.channels) if runtime.development else ():
                    print(f"{name}: http://localhost:{port}{path}", file=sys.stderr)  # noqa: T201 - said to a person

            await serve(runtime, listener, signals, listening=listening)


def _reachable(host: str) -> str:
    """Where a program on this machine finds a listener that is bound to ``host``."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _listen(settings: Settings) -> socket.socket:
    """A bound socket that does not accept yet: who connects before the start is complete is refused, not kept."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named protocol: asyncio switches the delay of small answers (Nagle) off only then.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            message = f"port {settings.port} is taken; stop what listens there, or choose another with PORT="
            raise StartError(EXIT_ALREADY_RUNNING, [message]) from error
        raise ConfigurationError([f"HOST and PORT cannot be listened on: {error.strerror}"]) from error
    return listener


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return None
    return uvloop.Loop


if __name__ == "__main__":
    drop_first_forms()  # not in ``main``: a forked child would copy the pages that it shares
    sys.exit(main(sys.argv[1:], os.environ))
