"""Create or mend ``.venv``, the one set-up step of a checkout (`make setup`).

Runs on whatever Python 3.8+ starts it and needs nothing installed: ``uv`` is taken from PATH, or put into the
private folder ``.tools/``. Safe to run at any time: a current ``.venv`` is left alone without touching the network,
a half-made one is made anew. Every failure is one line on stderr that says what to do, and exit status 1.

    setup.py          create or mend
    setup.py --lock   compile requirements/*.txt from the dependency groups of pyproject.toml
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such module outside Unix; two set-ups at once are then the user's to avoid
    fcntl = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / ".tools"
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
BOOTSTRAP = ROOT / "requirements" / "bootstrap.txt"
STAMP = VENV / ".frontdesk-stamp"
# Stands outside .venv while that is being changed; found at the start, the last set-up was killed half-way.
UNFINISHED = TOOLS / "venv-unfinished"
LOG = TOOLS / "setup.log"

LOWEST_PYTHON = (3, 12)  # requires-python of pyproject.toml
OLDEST_UV = (0, 8)  # reads dependency groups and takes its Python preference from the environment
GROUPS = ("advisories", "bootstrap", "control-plane", "dev", "runtime")
AGAIN = "then run make setup again"

# What the tools print, and what it means for a person. First match wins.
NO_SPACE = re.compile(r"no space left on device|os error 28|disk quota exceeded", re.IGNORECASE)
NO_NETWORK = re.compile(
    r"dns error|failed to lookup address|name resolution|connection refused|connection reset|network is unreachable"
    r"|newconnectionerror|could not connect|failed to fetch|error sending request|timed out|no matching distribution",
    re.IGNORECASE,
)


class SetupError(Exception):
    """What is wrong and what to do about it, in one line."""


def main(arguments: list[str]) -> int:
    try:
        TOOLS.mkdir(exist_ok=True)
        with (TOOLS / "setup.lock").open("w") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
                # Tools inherit the lock: one that outlives a killed set-up still keeps the next one waiting.
                os.set_inheritable(lock.fileno(), True)
            if arguments == ["--lock"]:
                lock_requirements(find_uv())
            elif not is_current():
                make_venv(find_uv())
    except SetupError as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return fail("interrupted; run make setup again to finish")
    except OSError as error:
        return fail(explain_os_error(error))
    return 0


def fail(sentence: str) -> int:
    print(f"setup: {sentence}", file=sys.stderr)
    return 1


def explain_os_error(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full()
    return f"cannot write {error.filename or ROOT}: {error.strerror}. Make the folder writable, {AGAIN}."


def disk_full() -> str:
    return f"the disk is full. Free about 1 GB where {ROOT} and uv's cache lie, {AGAIN}."


def is_current() -> bool:
    """Whether .venv was finished by this script for the present requirements, lost nothing since and still starts."""
    if UNFINISHED.exists() or not STAMP.is_file():
        return False
    return read_stamp()[:1] == [wanted_hash()] and nothing_was_lost() and venv_python_is_usable()


def wanted_hash() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def read_stamp() -> list[str]:
    """The hash of the requirements, then every program and package that was there when the set-up was finished."""
    return STAMP.read_text().splitlines() if STAMP.is_file() else []


def write_stamp() -> None:
    found = [*VENV.glob("bin/*"), *VENV.glob("lib/python*/site-packages/*")]
    # Bytecode may come and go, and metadata carries versions, which `uv sync` may choose otherwise.
    code = [path for path in found if path.name != "__pycache__" and path.suffix != ".dist-info"]
    STAMP.write_text("\n".join([wanted_hash(), *sorted(str(path.relative_to(VENV)) for path in code)]) + "\n")


def nothing_was_lost() -> bool:
    """The metadata of a package whose code was deleted still tells uv that it is there, so its code is looked for."""
    return all((VENV / name).exists() for name in read_stamp()[1:])


def venv_python_is_usable() -> bool:
    check = f"import sys; sys.exit(sys.version_info < {LOWEST_PYTHON} or sys.prefix == sys.base_prefix)"
    try:
        return subprocess.run([str(VENV_PYTHON), "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:  # absent, or a link to a Python that has gone
        return False


def make_venv(uv: str) -> None:
    """Bring .venv to the locked requirements; from nothing when the present one cannot be trusted."""
    trusted = not UNFINISHED.exists() and nothing_was_lost() and venv_python_is_usable()
    UNFINISHED.touch()
    if not trusted:
        remove(VENV)
        create_venv(uv)
    print("setup: installing packages into .venv", file=sys.stderr)
    install = [uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"]
    done = run([*install, "--python", str(VENV_PYTHON), str(REQUIREMENTS)])
    if done.returncode != 0:
        if NO_NETWORK.search(done.stderr):
            if trusted:  # uv fetches everything before it changes anything: the old .venv is whole
                UNFINISHED.unlink()
            raise SetupError(no_network())
        raise SetupError(explain(done, "packages could not be installed"))
    write_stamp()
    UNFINISHED.unlink()
    print("setup: done", file=sys.stderr)


def no_network() -> str:
    return f"the package index cannot be reached, and the first set-up needs it. Connect to the network, {AGAIN}."


def create_venv(uv: str) -> None:
    """Prefer the version of .python-version, else any new enough Python here, else let uv download one."""
    preferred = (ROOT / ".python-version").read_text().strip()
    lowest = ">={}.{}".format(*LOWEST_PYTHON)
    choices = ((preferred, "never"), (lowest, "never"), (preferred, os.environ.get("UV_PYTHON_DOWNLOADS", "automatic")))
    for version, downloads in choices:
        done = run([uv, "venv", "--quiet", "--python", version, str(VENV)], UV_PYTHON_DOWNLOADS=downloads)
        if done.returncode == 0 and venv_python_is_usable():
            return
        if NO_SPACE.search(done.stderr):
            raise SetupError(disk_full())
        remove(VENV)
    write_log(done)
    raise SetupError(
        "no Python 3.12 or newer is here, and none could be downloaded. "
        f"Install one (Debian: apt-get install python3.13; or uv python install 3.13), {AGAIN}."
    )


def find_uv() -> str:
    """The path of a uv that starts: on PATH, else the private one, fetched when there is none yet."""
    private = TOOLS / "uv" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(private)):
        if candidate and uv_is_usable(candidate):
            return candidate
    print("setup: fetching uv into .tools", file=sys.stderr)
    fetch_uv(private)
    return str(private)


def uv_is_usable(path: str) -> bool:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, check=False, text=True)
    except OSError:
        return False
    version = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
    return answer.returncode == 0 and version is not None and tuple(map(int, version.groups())) >= OLDEST_UV


def fetch_uv(private: Path) -> None:
    """Install uv beside its final place and move it there whole, so that a killed set-up leaves no half of it."""
    partial = TOOLS / "uv.partial"
    remove(partial)
    remove(TOOLS / "uv")
    options = ["--quiet", "--disable-pip-version-check", "--retries", "2", "--require-hashes", "-r", str(BOOTSTRAP)]
    attempt = run([sys.executable, "-m", "venv", str(partial)])
    if attempt.returncode == 0:
        attempt = run([str(partial / "bin" / "python"), "-m", "pip", "install", *options])
    else:  # Debian's python3 without python3-venv
        remove(partial)
        attempt = run([sys.executable, "-m", "pip", "install", "--target", str(partial), *options])
    if not uv_is_usable(str(partial / "bin" / "uv")):
        if re.search(r"no module named '?(pip|venv|ensurepip)", attempt.stderr, re.IGNORECASE):
            raise SetupError(f"{sys.executable} has neither venv nor pip. Install python3-venv (or uv), {AGAIN}.")
        if NO_NETWORK.search(attempt.stderr) and not NO_SPACE.search(attempt.stderr):
            raise SetupError(no_network())
        raise SetupError(explain(attempt, "uv could not be installed"))
    partial.rename(private.parent.parent)


def run(command: list[str], **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a tool without the caller's virtual environment leaking in; its output is kept for the explanation."""
    foreign = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT", "PIP_USER")
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    environment.update(extra)
    try:
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, check=False, text=True, close_fds=False
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def explain(done: subprocess.CompletedProcess[str], what: str) -> str:
    if NO_SPACE.search(done.stderr):
        return disk_full()
    write_log(done)
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return f"{what}: {lines[-1] if lines else 'no reason was given'}. The whole output is in {LOG}."


def write_log(done: subprocess.CompletedProcess[str]) -> None:
    LOG.write_text(f"{' '.join(done.args)}\n{done.stdout}{done.stderr}")


def remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def lock_requirements(uv: str) -> None:
    options = [
        "--universal",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-header",
        "--python-version",
        "3.12",
        "--quiet",
    ]
    for group in GROUPS:
        target = f"requirements/{group}.txt"
        done = run([uv, "pip", "compile", *options, "--group", group, "--output-file", target])
        if done.returncode != 0:
            raise SetupError(explain(done, f"{target} could not be compiled"))
        print(f"setup: {target} is up to date", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
