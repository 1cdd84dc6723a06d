"""Rules every test lives under: no network but loopback, no secret in what it logs or writes, no skips in CI.

A test that needs the shared real-world data asks for ``shared_data``.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.network_guard import install_network_guard, take_refused
from tests.secret_watch import leaks_in

SHARED_DATA_VARIABLE = "FRONTDESK_TEST_DATA"
SHARED_DATA = Path(os.environ.get(SHARED_DATA_VARIABLE) or Path(__file__).parents[2] / "shared" / "data").resolve()

LONG_EXAMPLES = 6_000
"""Examples of a property in the long profile (``make test-long``). That of the engine runs once for each channel."""

# No deadline: a busy machine is no fault of the code. The blob lets a failure be run again elsewhere.
settings.register_profile("default", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("default"), max_examples=LONG_EXAMPLES)
settings.load_profile("default")

install_network_guard()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real webhook bodies, crypto vectors and the like, kept outside the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"{SHARED_DATA_VARIABLE} names no folder, and the default is absent")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail the test during which something tried to leave this machine, even if the error was swallowed."""
    take_refused()
    yield
    refused = take_refused()
    assert not refused, f"tests stay on loopback, but this one tried {', '.join(refused)}"


def skips_are_failures() -> bool:
    return os.environ.get("FRONTDESK_CI") == "1"


def may_be_skipped(reason: str) -> bool:
    """The one reason accepted in continuous integration: the shared data is not on that machine."""
    return SHARED_DATA_VARIABLE in reason and not SHARED_DATA.is_dir()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if skips_are_failures() and report.skipped and not hasattr(report, "wasxfail"):
        refuse_skip(report)
    refuse_leaks(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if skips_are_failures() and report.skipped:
        refuse_skip(report)
    return report


def refuse_leaks(report: pytest.TestReport) -> None:
    """A test that passed, and in whose output one of the suite's secrets stands, has failed."""
    leaks = leaks_in(report.sections) if report.passed else []
    if leaks:
        report.outcome = "failed"
        report.longrepr = "a secret of the suite was logged or written:\n" + "\n".join(leaks)


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not may_be_skipped(reason):
        report.outcome = "failed"
        report.longrepr = f"a skip counts as a failure here: {reason}"
