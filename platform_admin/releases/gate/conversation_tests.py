"""The flow's own conversation tests, run apart from this process.

A test is text of a tenant, and playing it takes as long as it takes. It therefore runs in a child process with a limit
on CPU time, memory and files, without our environment and keys, and what the child says is read as data.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from flow_engine.diagnostics import Diagnostic, Severity
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.faulty_settings import settings_place

CPU_S: Final = 20
"""Three hundred cases take about five seconds."""

WALL_S: Final = 60.0
"""Somebody waits in front of a page; a child that gets no CPU is no better than one that hangs."""

MEMORY_BYTES: Final = 512 * 1024 * 1024
"""A flow of 5,000 states and its cases need a fifth of it."""

KEPT_S: Final = 3_600
"""How long it is remembered what the tests came to."""

_ROOT: Final = Path(__file__).resolve().parents[3]
_LIMITED: Final = Path(__file__).with_name("limited_child.py")


def conversation_tests(candidate: Candidate) -> Outcome:
    if not candidate.cases:
        return Outcome.not_available(_("There are no conversation tests yet."))
    if candidate.flow_source is None or candidate.settings is None:
        place = "flow" if candidate.flow_source is None else settings_place(candidate)
        return Outcome.not_available(_("The conversation or the settings have faults; mend those first."), place=place)
    return _played(candidate.flow_source, candidate.cases, _defaults(candidate))


def _played(flow: str, cases: Mapping[str, str], defaults: Mapping[str, Any]) -> Outcome:
    """The same texts play the same way, so what a child has said of them is not asked of another one."""
    parts = json.dumps([flow, cases, defaults, settings.BUILD], sort_keys=True).encode()
    key = f"gate.conversation_tests.{hashlib.sha256(parts).hexdigest()}"
    said = cache.get(key)
    if said is not None:
        return Outcome.of(_faults(said))
    with tempfile.TemporaryDirectory(prefix="frontdesk-gate-") as folder:
        write_case_folder(Path(folder), flow, cases, defaults)
        return _run(Path(folder), key)


def write_case_folder(folder: Path, flow: str, cases: Mapping[str, str], defaults: Mapping[str, Any]) -> None:
    """The layout that the engine's ``test`` command expects. Raises ``ValueError`` for a name that leaves it."""
    (folder / "flow.yaml").write_text(flow, encoding="utf-8")
    (folder / "defaults.yaml").write_text(json.dumps(defaults, ensure_ascii=False), encoding="utf-8")
    for name, text in cases.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(name)
        file = folder / "cases" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _defaults(candidate: Candidate) -> dict[str, Any]:
    own = candidate.settings
    return {
        "timezone": candidate.timezone,
        "language": candidate.language,
        **({"business": own.business.to_json(), "sentences": own.sentences} if own else {}),
    }


def _run(folder: Path, key: str) -> Outcome:
    limits = [str(number) for number in (CPU_S, MEMORY_BYTES)]
    command = [sys.executable, "-I", str(_LIMITED), str(_ROOT), *limits, "test", "--json", "."]
    try:
        done = subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=WALL_S, check=False)
    except subprocess.TimeoutExpired:
        return Outcome.of(
            [
                _fault(
                    "S212",
                    _("The tests did not end within %(seconds)s seconds.") % {"seconds": f"{WALL_S:.0f}"},
                    "tests",
                )
            ]
        )
    try:
        said = json.loads(done.stdout)
        outcome = Outcome.of(_faults(said))
    except (ValueError, KeyError, TypeError):
        reason = _("The tests could not be run to their end: they need too much time or memory.")
        return Outcome.of([_fault("S212", reason, "tests")])
    cache.set(key, said, KEPT_S)
    return outcome


def _faults(said: Mapping[str, Any]) -> Iterator[Diagnostic]:
    for broken in said["not_run"]:
        yield _fault("S212", str(broken["reason"]).splitlines()[0], str(broken["file"]))
    for case in said["cases"]:
        if not case["passed"]:
            failure = case["failure"]
            message = f"{case['description'] or case['file']}: {failure['message']}"
            place = (str(failure["file"]), int(failure["line"]), int(failure["column"]))
            yield Diagnostic("S211", Severity.ERROR, message, str(failure["remedy"] or ""), *place)


def _fault(code: str, message: str, file: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, "", file, 1, 1)
