"""The tests of a tenant's draft, played once for each draft and each set of tests, whoever looks."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final

from flow_engine.vocabulary import JSON
from platform_admin.authoring.draft_access import case_defaults, draft_of, known_to, stored_settings
from platform_admin.authoring.draft_model import Known, read_draft
from platform_admin.authoring.places import Visit
from platform_admin.authoring.trying.board import Board, try_all
from platform_admin.flows.queries import cases_of, main_flow

KEPT_BOARDS: Final = 16
"""Drafts whose tests are looked at in one process; one of thirty tests takes some hundred kilobytes."""


def board_of(visit: Visit) -> Board | None:
    """``None`` while the draft cannot run."""
    flow, draft = main_flow(visit.tenant), draft_of(visit)
    if flow is None:
        return None
    texts = json.dumps(cases_of(flow), sort_keys=True)
    defaults = json.dumps(case_defaults(visit, stored_settings(visit)), sort_keys=True, default=str)
    return _played(draft.text, draft.flow.file_name, known_to(visit.tenant), texts, defaults)


@lru_cache(maxsize=KEPT_BOARDS)
def _played(text: str, file: str, known: Known, texts: str, defaults: str) -> Board | None:
    program = read_draft(text, file, known).program
    settings: dict[str, JSON] = json.loads(defaults)
    return None if program is None else try_all(text, program, json.loads(texts), settings)
