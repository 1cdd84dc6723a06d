"""``test --update``: what the bot does now becomes what the case expects."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flow_engine.cases import CaseResult, run_case
from flow_engine.cases.rewriting import rewrite
from flow_engine.cli.case_files import CaseFileError, CaseFiles
from flow_engine.validation.surroundings import Surroundings

_MAX_CHANGES: Final = 200
"""Differences mended in one case; a longer one is written anew faster."""


def update_case(path: Path, result: CaseResult, surroundings: Surroundings | None) -> CaseResult:
    """Rewrite the expectations of ``path`` until it passes.

    A case that still fails is left as it was: the bot says something that must not be said, a script is missing or
    unused, or what differs stands in a piece that other cases use too.
    """
    original = path.read_bytes()
    for _ in range(_MAX_CHANGES):
        mismatch = result.mismatch
        if mismatch is None:
            return result
        if mismatch.update is None or mismatch.place.file != str(path):
            break
        changed = rewrite(path.read_text(encoding="utf-8-sig"), *mismatch.update)
        if changed is None:
            break
        path.write_text(changed, encoding="utf-8")
        try:
            loaded = CaseFiles(surroundings).load(path)
        except CaseFileError:
            break
        result = run_case(loaded.case, loaded.program)
    path.write_bytes(original)
    return result
