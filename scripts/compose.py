"""The containers of deploy/compose.yaml: `make up`, `make down`, `make clean`.

Exit status 2 when no container engine answers, 1 when the containers run but do not answer. The variables in
deploy/README.md stand in deploy/.env (which compose reads by itself, too) or in the environment, which goes first. With
FLEET=1 the orchestrator runs as well; what it made is stopped by `down` and deleted by `clean`.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shlex
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPOSE_FILE = ROOT / "deploy" / "compose.yaml"
SETTINGS = ROOT / "deploy" / ".env"  # this machine's, git-ignored
SECRETS = ROOT / "deploy" / "secrets"  # made by the first `make up`, git-ignored
LOCAL_STATE = ROOT / ".frontdesk"  # databases, keys and logs of `make demo` and the run-* targets
PUBLISHED = {  # service -> (variable that moves its port, the port)
    "control-plane": ("CONTROL_PLANE_PORT", 8001),
    "data-plane": ("DATA_PLANE_PORT", 8002),
    "data-plane-second": ("SECOND_DATA_PLANE_PORT", 8003),
}
NO_SOCKET = (
    "the container engine's socket was not found. Start its service (systemctl start docker.socket or podman.socket), "
    "or name it in DOCKER_HOST=unix:///…, then run this again."
)
FLEET_PROFILE = ["--profile", "fleet"]  # of compose.yaml: the orchestrator
FLEET_LABEL = "frontdesk.fleet"  # of everything an orchestrator makes (platform_admin/fleet/drivers/docker/names.py)
NO_ENGINE = "no container engine answers. Start Docker (with compose) or install Podman, then run this again."
ENGINE_ABSENT = 2
UNANSWERED = 1
STOP_TIMEOUT_S = "25"  # a runtime finishes its turns before it ends
PASSWORD_BYTES = 24
PATIENCE_S = 240.0  # a first start makes the database cluster, migrates and publishes twice; about 20 s on a laptop
BETWEEN_LOOKS_S = 0.5
LOOK_TIMEOUT_S = 5.0
PRIVATE_PODMAN_COMPOSE = Path(sys.executable).with_name("podman-compose")  # Podman brings none; `make setup` does


def find_compose() -> list[str] | None:
    """The command line of a compose implementation whose engine answers."""
    chosen = os.environ.get("FRONTDESK_COMPOSE")
    known = [["docker", "compose"], ["podman", "compose"], ["podman-compose"], [str(PRIVATE_PODMAN_COMPOSE)]]
    for command in [shlex.split(chosen)] if chosen else known:
        if all(succeeds(probe) for probe in ([engine_of(command), "info"], [*command, "version"])):
            return [*command, "--file", str(COMPOSE_FILE)]
    return None


def engine_of(compose: list[str]) -> str:
    return "podman" if "podman" in Path(compose[0]).name else "docker"


def engine_socket() -> Path | None:
    """Where the engine serves its API on this machine."""
    kind, _, path = os.environ.get("DOCKER_HOST", "").partition("://")
    known = [path] if kind == "unix" else ["/var/run/docker.sock", "/run/podman/podman.sock"]
    return next((Path(name) for name in known if Path(name).is_socket()), None)


def succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    verbs = {"up": up, "down": down, "clean": clean}
    if len(arguments) != 1 or arguments[0] not in verbs:
        print("usage: compose.py up | down | clean", file=sys.stderr)
        return ENGINE_ABSENT
    for name, value in settings(SETTINGS).items():
        if not os.environ.get(name):  # make hands FLEET on also where nobody set it
            os.environ[name] = value
    return verbs[arguments[0]](find_compose())


def settings(file: Path) -> dict[str, str]:
    """What compose reads from such a file: NAME=VALUE lines, `#` before remarks, quotes around a whole value."""
    if not file.is_file():
        return {}
    found = {}
    for line in map(str.strip, file.read_text(encoding="utf-8").splitlines()):
        name, separator, value = line.removeprefix("export ").partition("=")
        if separator and not line.startswith("#"):
            value = value.strip()
            quoted = value[:1] in {"'", '"'} and value.endswith(value[:1]) and len(value) > 1
            found[name.strip()] = value[1:-1] if quoted else value.partition(" #")[0].rstrip()
    return found


def up(compose: list[str] | None) -> int:
    if compose is None:
        return no_engine("up")
    make_secrets(SECRETS)
    # Podman's own image format has no health checks.
    environment = {**os.environ, "FRONTDESK_BUILD": commit(), "BUILDAH_FORMAT": "docker"}
    if os.environ.get("FLEET") == "1":
        socket = engine_socket()
        if socket is None:
            print(f"up: {NO_SOCKET}", file=sys.stderr)
            return ENGINE_ABSENT
        compose = [*compose, *FLEET_PROFILE]
        environment |= {"FLEET_ENGINE_SOCKET": str(socket), "FLEET_ENGINE_GROUP": str(socket.stat().st_gid)}
    done = subprocess.run([*compose, "up", "--build", "--detach"], env=environment, check=False)
    if done.returncode != 0:
        return done.returncode
    control_plane, first, second = (
        f"http://localhost:{os.environ.get(variable) or port}" for variable, port in PUBLISHED.values()
    )
    give_up_at = time.monotonic() + float(os.environ.get("FRONTDESK_UP_PATIENCE_S") or PATIENCE_S)
    for service, address in zip(PUBLISHED, (control_plane, first, second), strict=True):
        if not becomes_healthy(f"{address}/health", give_up_at):
            logs = shlex.join([*compose, "logs", service])
            print(f"up: {address}/health does not say yet that it is ready; look at: {logs}", file=sys.stderr)
            return UNANSWERED
    database_port = os.environ.get("POSTGRES_PORT") or 5433
    ingress_port = os.environ.get("INGRESS_HTTPS_PORT") or 8443
    public, admin = (os.environ.get(f"INGRESS_{name}_HOST") for name in ("PUBLIC", "ADMIN"))
    print(
        f"up: control plane {control_plane}, data planes {first}/chat and {second}/chat, PostgreSQL on {database_port}"
    )
    print(
        f"up: ingress https://{public or 'localhost'}:{ingress_port}/t/first/widget, "
        f"admin https://{admin or 'admin.localhost'}:{ingress_port}"
    )
    print("up: the first operator: see deploy/README.md")
    return 0


def becomes_healthy(url: str, give_up_at: float) -> bool:
    """Whether ``url`` tells before ``give_up_at`` (monotonic seconds) that it is ready to serve."""
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy leads to this machine
    while True:
        try:
            with straight.open(url, timeout=LOOK_TIMEOUT_S) as answer:
                # A data plane is healthy, but not ready, before its first release.
                if json.load(answer).get("ready", True):
                    return True
        except (OSError, ValueError, http.client.HTTPException):  # not listening yet, or not well yet (503)
            pass
        if time.monotonic() >= give_up_at:
            return False
        time.sleep(BETWEEN_LOOKS_S)


def make_secrets(folder: Path) -> None:
    """Keys and the database's password, made once. The folder keeps others out; containers see single files of it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    keys = [sys.executable, "manage.py", "init_env", "--directory", str(folder)]
    subprocess.run(keys, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    signing_key = folder / "signing_key.pem"
    if not signing_key.exists():
        # Readable for the containers' own user, which is nobody on this machine.
        signing_key.write_bytes((folder / ".frontdesk" / "signing_key.pem").read_bytes())
        signing_key.chmod(0o444)
    database = folder / "database.env"
    if not database.exists():
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        url = f"postgres://frontdesk:{password}@postgres:5432/frontdesk"
        database.write_text(f"POSTGRES_PASSWORD={password}\nDATABASE_URL={url}\n")
        database.chmod(0o600)


def commit() -> str:
    """What /health shows as the build."""
    if shutil.which("git") is None:
        return "dev"
    asked = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "dev"


def down(compose: list[str] | None) -> int:
    if compose is None:
        return no_engine("down")
    done = subprocess.run([*compose, *FLEET_PROFILE, "down"], check=False)
    if (running := made_by_the_orchestrator(compose, "ps")) and done.returncode == 0:
        return subprocess.run([engine_of(compose), "stop", "--time", STOP_TIMEOUT_S, *running], check=False).returncode
    return done.returncode


def made_by_the_orchestrator(compose: list[str], *listing: str) -> list[str]:
    """What the engine lists of this fleet, by id or name."""
    label = f"label={FLEET_LABEL}={os.environ.get('FLEET_NAME') or 'frontdesk'}"
    asked = [engine_of(compose), *listing, "--quiet", "--filter", label]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()


def wipe_what_the_orchestrator_made(compose: list[str]) -> bool:
    """After compose is gone: the ingress was in every tenant's network. Whether all went."""
    kinds = {
        ("ps", "--all"): ["rm", "--force"],
        ("volume", "ls"): ["volume", "rm"],
        ("network", "ls"): ["network", "rm"],
    }
    for listing, removal in kinds.items():
        found = made_by_the_orchestrator(compose, *listing)
        if found and not succeeds([engine_of(compose), *removal, *found]):
            print(f"clean: {engine_of(compose)} {' '.join([*removal, *found])} failed", file=sys.stderr)
            return False
    return True


def no_engine(verb: str) -> int:
    print(f"{verb}: {NO_ENGINE}", file=sys.stderr)
    return ENGINE_ABSENT


def clean(compose: list[str] | None) -> int:
    """Wipe what holds data: the containers' volumes and the local state. The code and .venv stay."""
    if compose is None:
        print("clean: no container engine answers, so there are no volumes to delete", file=sys.stderr)
    else:
        print("clean: deleting the containers and their volumes (all tenants, all conversations)")
        done = subprocess.run([*compose, *FLEET_PROFILE, "down", "--volumes", "--remove-orphans"], check=False)
        if done.returncode != 0:
            return done.returncode
        if not wipe_what_the_orchestrator_made(compose):
            return UNANSWERED
        if SECRETS.exists():
            print(f"clean: deleting {SECRETS} (their keys and password, which open nothing any more)")
            shutil.rmtree(SECRETS)
    if LOCAL_STATE.exists():
        print(f"clean: deleting {LOCAL_STATE} (databases, keys and logs of the local runs)")
        shutil.rmtree(LOCAL_STATE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
