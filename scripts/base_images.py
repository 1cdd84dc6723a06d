"""The images that the tests' images start from, made from Debian's packages: no image registry is needed.

One has Python as its official image has it, the others PostgreSQL and Caddy, and one the newest Python that Debian has.
FRONTDESK_DEBIAN_SUITE names the Debian release of all but the last (default trixie: Python 3.13, PostgreSQL 17).
FRONTDESK_BASE_IMAGE, POSTGRES_IMAGE, CADDY_IMAGE and FRONTDESK_NEWEST_BASE_IMAGE are used instead.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import podman

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_FOLDER = ROOT / "tests" / "containers" / "postgres"
CADDY_FOLDER = ROOT / "tests" / "containers" / "caddy"
DEFAULT_SUITE = "trixie"
NEWEST_SUITE = "forky"  # Python 3.14
PACKAGES = ("ca-certificates", "python-is-python3", "python3", "python3-pip", "python3-venv")
SCRIPTS = Path("/usr/share/debootstrap/scripts")
NEWER_SUITES = "sid"  # the script for suites that this debootstrap does not know yet
UNUSED = (
    "dev",
    "proc",
    "sys",
    "usr/share/doc",
    "usr/share/locale",
    "usr/share/man",
    "var/cache/apt",
    "var/lib/apt/lists",
)
FORMAT = "2"  # raised when the steps below change


class ImageError(Exception):
    """An image cannot be made; the message ends with the tool's own words."""


def prepare(engine: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Names of the images, those of deploy/compose.yaml by the variables that it takes them from.

    Raises:
        ImageError: a step failed.
    """
    suite = os.environ.get("FRONTDESK_DEBIAN_SUITE") or DEFAULT_SUITE
    base = os.environ.get("FRONTDESK_BASE_IMAGE") or make_base(engine, folder, suite)
    postgres = os.environ.get("POSTGRES_IMAGE") or make_on(engine, base, "postgres", POSTGRES_FOLDER)
    caddy = os.environ.get("CADDY_IMAGE") or make_on(engine, base, "caddy", CADDY_FOLDER)
    newest = os.environ.get("FRONTDESK_NEWEST_BASE_IMAGE") or make_base(engine, folder, NEWEST_SUITE)
    return {
        "FRONTDESK_BASE_IMAGE": base,
        "POSTGRES_IMAGE": postgres,
        "CADDY_IMAGE": caddy,
        "FRONTDESK_NEWEST_BASE_IMAGE": newest,
    }


def make_base(engine: Mapping[str, str], folder: Path, suite: str) -> str:
    """A Debian with Python, without the standard library's bytecode (as in Python's official images)."""
    certificates = trusted_certificates()
    recipe = "\n".join((FORMAT, suite, *PACKAGES, *UNUSED)).encode() + certificates
    name = f"frontdesk-test-base:{suite}-{hashlib.sha256(recipe).hexdigest()[:12]}"
    if podman.call(engine, "image", "exists", name).returncode == 0:
        return name
    print(f"containers: making {name} with debootstrap", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="rootfs-", dir=folder) as root:
        log = folder / "debootstrap.log"
        bootstrap(suite, Path(root), log)
        # Images are built on this machine's network, so they trust whom this machine trusts.
        (Path(root) / "etc/ssl/certs/ca-certificates.crt").write_bytes(certificates)
        for bytecode in Path(root).glob("usr/lib/python3*/**/__pycache__"):
            shutil.rmtree(bytecode)
        import_image(engine, Path(root), name)
    return name


def trusted_certificates() -> bytes:
    file = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
    return Path(file).read_bytes() if Path(file).is_file() else b""


def bootstrap(suite: str, root: Path, log: Path) -> None:
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", suite, str(root)]
    if not (SCRIPTS / suite).exists():
        command += ["", str(SCRIPTS / NEWER_SUITES)]  # the empty word stands for the default mirror
    with log.open("w") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        lines = log.read_text().strip().splitlines() or ["no reason was given"]
        raise ImageError(f"debootstrap failed: {lines[-1]}. The whole output is in {log}.")


def import_image(engine: Mapping[str, str], root: Path, name: str) -> None:
    left_out = [f"--exclude=./{folder}/*" for folder in UNUSED]
    environment = {**os.environ, **engine}
    with subprocess.Popen(["tar", "-C", str(root), *left_out, "-c", "."], stdout=subprocess.PIPE) as tar:
        done = subprocess.run(
            ["podman", "import", "-", name],
            stdin=tar.stdout,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0 or tar.returncode != 0:
        raise ImageError(f"podman import failed: {done.stderr.strip()}")


def make_on(engine: Mapping[str, str], base: str, what: str, folder: Path) -> str:
    """An image with one more of Debian's programs than ``base``."""
    name = f"frontdesk-test-{what}:{base.rpartition(':')[2]}"
    done = podman.call(engine, "build", "--quiet", "--build-arg", f"BASE={base}", "--tag", name, str(folder))
    if done.returncode != 0:
        raise ImageError(f"The image of {what} cannot be built: {done.stderr.strip()}")
    return name
