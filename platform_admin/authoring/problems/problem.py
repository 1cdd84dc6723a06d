"""``tell``: what the checker found, as the page shows it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.problems.fixes import fixes_for
from platform_admin.authoring.problems.scene import Scene
from platform_admin.authoring.problems.words import in_words
from platform_admin.changes.step_title import step_title

MAX_WITH_FIXES = 40
"""Problems that come with what mends them: more than anybody looks at before the next check."""


def tell(diagnostics: Sequence[Diagnostic], document: JSON) -> list[JSON]:
    """In the active language, what customers would suffer from first. Bare information is not told."""
    worst_first = sorted(diagnostics, key=lambda diagnostic: diagnostic.severity is not Severity.ERROR)
    return [_problem(Scene(finding, document), place < MAX_WITH_FIXES) for place, finding in enumerate(worst_first)]


def _problem(scene: Scene, with_fixes: bool) -> JSONObject:  # noqa: FBT001 - said once, above
    finding, step = scene.finding, scene.step
    fixes: list[JSON] = [fix.as_json() for fix in fixes_for(scene)] if with_fixes else []
    return {
        "code": finding.code,
        "severity": "error" if finding.severity is Severity.ERROR else "warning",
        "words": in_words(scene),
        "message": " ".join(filter(None, (finding.message, finding.hint))),
        "line": finding.line,
        "column": finding.column,
        "path": json.dumps(finding.path),
        "step": step or None,
        "step_title": step_title(step) if step else None,
        "fixes": fixes,
    }
