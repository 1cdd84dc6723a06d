"""The verdict of .ci/run: adds up its JUnit reports and its steps.

usage: ci_summary.py REPORTS_FOLDER STEPS_PASSED [FAILED_STEP...]
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main(reports: Path, steps_passed: int, failed_steps: list[str]) -> int:
    passed, failed, explained = 0, 0, set[str]()
    for report in sorted(reports.glob("*.xml")):
        suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - written by our own pytest a moment ago
        counts = (
            {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors")} if suite is not None else {}
        )
        broken = counts.get("failures", 0) + counts.get("errors", 0)
        passed += counts.get("tests", 0) - broken
        failed += broken
        explained |= {report.stem} if broken else set()
        print(f"{report.stem}: {counts.get('tests', 0) - broken} passed, {broken} failed")
    for step in failed_steps:
        print(f"step {step} failed")
    # A step that failed because of its tests is counted by them.
    failed += len(set(failed_steps) - explained)
    print(f"{passed + steps_passed} passed, {failed} failed")
    return 1 if failed or failed_steps else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
