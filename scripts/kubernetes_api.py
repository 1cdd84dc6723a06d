"""Run a command with a real Kubernetes API at hand (`make test-kubernetes`).

kube-apiserver and kube-controller-manager are built once from Debian's source package `kubernetes`, which carries all
it is made of, and kept in FRONTDESK_CACHE (default ~/.cache/frontdesk); etcd is Debian's. The command finds the folder
of the three in FRONTDESK_KUBERNETES_BIN; where that is set already, nothing is fetched or built. The tests start and
stop the programs themselves, since some of them kill the API server half-way.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import debian

VARIABLE = "FRONTDESK_KUBERNETES_BIN"
BUILT = ("kube-apiserver", "kube-controller-manager")
# Program that must be on PATH -> Debian package; what debian/rules of the source package needs, and a C-free Go.
PARTS = {
    "go": "golang-go",
    "make": "make",
    "jq": "jq",
    "rsync": "rsync",
    "dpkg-source": "dpkg-dev",
    "etcd": "etcd-server",
}
FORMAT = "1"  # raised when the steps below change
KEPT_LINES = 5  # of a log, in the message of an error


class BuildError(Exception):
    """The API server cannot be fetched or built; the message ends with the tool's own words."""


def programs(cache: Path) -> Path:
    """The folder with the three programs, made on the first call (about five minutes on two cores).

    Raises:
        debian.MissingProgramError: a part is absent and cannot be installed.
        BuildError: the source cannot be fetched or does not build.
    """
    folder = cache / f"bin-{FORMAT}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second run waits for the build of the first
        if all((folder / name).is_file() for name in (*BUILT, "etcd")):
            return folder
        missing = [package for part, package in PARTS.items() if shutil.which(part) is None]
        if missing:
            debian.install(*missing)
        for left in cache.glob("build-*"):
            shutil.rmtree(left)  # more than a gigabyte, of a build that was killed: nobody else holds the lock
        with tempfile.TemporaryDirectory(prefix="build-", dir=cache) as work:
            source = fetch(Path(work), cache / "fetch.log")
            build(source, cache / "build.log")
            folder.mkdir(exist_ok=True)
            for name in BUILT:
                shutil.move(source / "_output/bin" / name, folder / name)
        (folder / "etcd").unlink(missing_ok=True)
        (folder / "etcd").symlink_to(shutil.which("etcd") or "etcd")
    return folder


def fetch(work: Path, log: Path) -> Path:
    """Unpack the source package, fetched from where this machine gets its Debian packages."""
    print("kubernetes: fetching Debian's source package", file=sys.stderr)
    sources = work / "sources.list"
    sources.write_text("".join(f"deb-src {line}\n" for line in debian_archives()))
    (work / "lists" / "partial").mkdir(parents=True)
    (work / "cache" / "archives" / "partial").mkdir(parents=True)
    options = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": work / "lists",
        "Dir::Cache": work / "cache",
    }
    if os.geteuid() == 0:
        options["APT::Sandbox::User"] = "root"  # apt's own user cannot look into this folder
    apt = ["apt-get", "-q", *(word for name, value in options.items() for word in ("-o", f"{name}={value}"))]
    run([*apt, "update"], work, log)
    run([*apt, "source", "kubernetes"], work, log)
    folders = [path.parent.parent for path in work.glob("*/cmd/kube-apiserver")]
    if len(folders) != 1 or not (folders[0] / "vendor").is_dir():
        raise BuildError(
            "this Debian's source package kubernetes does not hold a whole API server; "
            f"put {', '.join(BUILT)} and etcd into a folder and name it in {VARIABLE}."
        )
    return folders[0]


def debian_archives() -> list[str]:
    """`<address> <suite> <component>` of every Debian archive that apt here gets packages from."""
    wanted = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"]
    filters = ["Created-By: Packages", "Origin: Debian"]
    done = subprocess.run([*wanted, *filters], capture_output=True, text=True, check=False)
    lines = sorted(set(done.stdout.splitlines()))
    if not lines:
        raise BuildError("apt knows no Debian archive; run apt-get update, then this again.")
    return lines


def build(source: Path, log: Path) -> None:
    """As debian/rules does, but for the two programs."""
    print(f"kubernetes: building {' and '.join(BUILT)}; {log} tells how far it is", file=sys.stderr)
    home = source / ".home"
    (source / ".go/src/k8s.io").mkdir(parents=True)
    (source / ".go/src/k8s.io/kubernetes").symlink_to("../../..")
    home.mkdir()
    environment = {
        **os.environ,
        "HOME": str(home),
        "GOPATH": str(source / ".go"),
        "GOFLAGS": "",
        "CGO_ENABLED": "0",
        "PATH": f"/usr/lib/go/bin:{os.environ['PATH']}",
    }
    what = " ".join(f"cmd/{name}" for name in BUILT)
    run(["nice", "make", f"WHAT={what}"], source, log, environment)


def run(command: list[str], folder: Path, log: Path, environment: dict[str, str] | None = None) -> None:
    with log.open("w") as output:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode != 0:
        lines = log.read_text(errors="replace").strip().splitlines()[-KEPT_LINES:] or ["no reason was given"]
        raise BuildError(f"{command[0]} failed; the whole output is in {log}, and ends:\n" + "\n".join(lines))


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    cache = Path(os.environ.get("FRONTDESK_CACHE") or Path.home() / ".cache" / "frontdesk") / "kubernetes"
    try:
        folder = os.environ.get(VARIABLE) or str(programs(cache))
    except (debian.MissingProgramError, BuildError) as error:
        print(f"kubernetes: {error}", file=sys.stderr)
        return 1
    return subprocess.run(command, env={**os.environ, VARIABLE: folder}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
