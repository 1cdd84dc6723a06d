"""The containers of deploy/compose.yaml: `make up`, `make down`, `make clean`.

Exit status 2 when no container engine answers.
"""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPOSE_FILE = ROOT / "deploy" / "compose.yaml"
SECRETS = ROOT / "deploy" / "secrets"  # made by the first `make up`, git-ignored
LOCAL_STATE = ROOT / ".frontdesk"  # databases, keys and logs of `make demo` and the run-* targets
NO_ENGINE = "no container engine answers. Start Docker (or Podman with docker compose), then run this again."
ENGINE_ABSENT = 2
PASSWORD_BYTES = 24


def find_compose() -> list[str] | None:
    """The command line of a compose implementation whose engine answers."""
    chosen = os.environ.get("FRONTDESK_COMPOSE")
    candidates = [shlex.split(chosen)] if chosen else [["docker", "compose"], ["podman-compose"]]
    for command in candidates:
        if shutil.which(command[0]) is None:
            continue
        engine = "podman" if "podman" in command[0] else "docker"
        answers = all(succeeds(probe) for probe in ([*command, "version"], [engine, "info"]))
        if answers:
            return [*command, "--file", str(COMPOSE_FILE)]
    return None


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
    return verbs[arguments[0]](find_compose())


def up(compose: list[str] | None) -> int:
    if compose is None:
        return no_engine("up")
    make_secrets(SECRETS)
    environment = {**os.environ, "FRONTDESK_BUILD": commit()}
    done = subprocess.run([*compose, "up", "--build", "--detach"], env=environment, check=False)
    if done.returncode == 0:
        print("up: control plane http://localhost:8001, data plane http://localhost:8002/chat, PostgreSQL on 5433")
        print("up: the first operator: see deploy/README.md")
    return done.returncode


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
    return subprocess.run([*compose, "down"], check=False).returncode


def no_engine(verb: str) -> int:
    print(f"{verb}: {NO_ENGINE}", file=sys.stderr)
    return ENGINE_ABSENT


def clean(compose: list[str] | None) -> int:
    """Wipe what holds data: the containers' volumes and the local state. The code and .venv stay."""
    if compose is None:
        print("clean: no container engine answers, so there are no volumes to delete", file=sys.stderr)
    else:
        print("clean: deleting the containers and their volumes (all tenants, all conversations)")
        done = subprocess.run([*compose, "down", "--volumes", "--remove-orphans"], check=False)
        if done.returncode != 0:
            return done.returncode
        if SECRETS.exists():
            print(f"clean: deleting {SECRETS} (their keys and password, which open nothing any more)")
            shutil.rmtree(SECRETS)
    if LOCAL_STATE.exists():
        print(f"clean: deleting {LOCAL_STATE} (databases, keys and logs of the local runs)")
        shutil.rmtree(LOCAL_STATE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
