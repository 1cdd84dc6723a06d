"""The last real conversations, played by their runtime on what is written now: what would go differently.

The runtime compares and answers with counts and masked words; nothing of a conversation comes here otherwise. Whatever
keeps that from happening is said, and is never the same as "nothing would go differently".
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils import timezone as clock
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.business.models import BusinessVersion
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.commands.queries import recent_commands
from platform_admin.errors import HasFaultsError, NotThereError
from platform_admin.flows.models import FlowVersion
from platform_admin.knowledge.models import KnowledgeVersion
from platform_admin.observability.conditions import SILENT_AFTER
from platform_admin.observability.models import RuntimeSighting
from platform_admin.observability.queries import sighting_of
from platform_admin.releases.content import Content
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release
from platform_admin.releases.sealing import seal_candidate
from platform_admin.releases.sources import Sources, Written, read_written
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant

LAST: Final = 200
"""Conversations. The runtime gives a child process a minute of CPU for them; two hundred short ones take seconds."""

ANSWERED_WITHIN: Final = timedelta(minutes=5)
"""Somebody waits for it in front of a page; what comes later is about a draft of then."""


class Stage(StrEnum):
    UNAVAILABLE = "unavailable"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place at which one conversation goes differently. ``before`` and ``after`` are masked bubbles."""

    state: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """``reason`` says in words why there is no result. ``broken`` are conversations on which the draft itself fails."""

    stage: Stage
    reason: str = ""
    conversations: int = 0
    different: int = 0
    broken: int = 0
    differences: tuple[Difference, ...] = ()
    at: datetime | None = None

    @property
    def same(self) -> bool:
        """Played, and every one of at least one conversation went as it did."""
        return self.stage is Stage.DONE and self.conversations > 0 and not self.different and not self.broken


@dataclass(frozen=True, slots=True)
class Player:
    """Who would play them: what is live, and the runtime that has it."""

    live: Release | None
    sighting: RuntimeSighting | None


def rehearse(*, tenant: Tenant, by: Actor) -> RuntimeCommand:
    """Ask the runtime to play the last conversations on what is written; one that is under way is not asked twice.

    Raises ``NotThereError`` when nobody could play them, ``HasFaultsError`` while what is written has faults.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    now = clock.now()
    missing = _missing(player_of(tenant), now)
    if missing:
        raise NotThereError(missing)
    written = read_written(tenant=tenant, sources=Sources())
    draft = digest_of(tenant, written)
    last = _last(tenant, draft)
    if last is not None and last.is_open and (last.expires_at is None or last.expires_at > now):
        return last
    envelope = seal_candidate(tenant=tenant, content=_content(tenant, written), by=by, at=now)
    payload: JSONObject = {"envelope_base64": base64.b64encode(envelope).decode(), "last": LAST, "draft": draft}
    return queue_command(
        tenant=tenant, kind=CommandKind.REPLAY, payload=payload, by=by, expires_at=now + ANSWERED_WITHIN
    )


def rehearsal_of(tenant: Tenant, written: Written | None = None, player: Player | None = None) -> Rehearsal:
    """How it stands with what is written now. A result for an earlier draft is none.

    ``written`` and ``player`` are for whoever has read them just before.
    """
    now = clock.now()
    written = written or read_written(tenant=tenant, sources=Sources())
    last = _last(tenant, digest_of(tenant, written))
    if last is not None and last.state == RuntimeCommand.State.DONE and isinstance(last.result, dict):
        return _done(last.result, last.finished_at)
    missing = _missing(player or player_of(tenant), now) or _faults(written)
    if missing:
        return Rehearsal(Stage.UNAVAILABLE, missing)
    if last is None:
        return Rehearsal(Stage.READY)
    if last.is_open and (last.expires_at is None or last.expires_at > now):
        return Rehearsal(Stage.RUNNING)
    return Rehearsal(Stage.FAILED, last.detail or _("Your bot did not answer in time."))


def digest_of(tenant: Tenant, written: Written) -> str:
    """Of everything that decides what a bot says to the same messages."""
    settings = None if written.settings is None else written.settings.model_dump(mode="json")
    text = None if written.source is None else written.source.text
    said: JSON = [text, settings, tenant.timezone, tenant.language]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _last(tenant: Tenant, draft: str) -> RuntimeCommand | None:
    return recent_commands(tenant, kind=CommandKind.REPLAY).filter(payload__draft=draft).first()


def player_of(tenant: Tenant) -> Player:
    """Two questions."""
    return Player(live_release(tenant), sighting_of(tenant))


def _missing(player: Player, now: datetime) -> str:
    """Why nobody could play them; empty when somebody could."""
    if player.live is None:
        return _("Nothing is live yet, so there are no conversations to play.")
    sighting = player.sighting
    seen = (
        None if sighting is None else max(filter(None, (sighting.last_pull_at, sighting.last_report_at)), default=None)
    )
    if seen is None:
        return _("Your bot has not been started yet.")
    if now - seen > SILENT_AFTER:
        return _("Your bot cannot be reached at the moment.")
    return ""


def _faults(written: Written) -> str:
    if written.settings is None or written.reading is None or not written.reading.ok:
        return _("What is written has faults; mend those first.")
    return ""


def _content(tenant: Tenant, written: Written) -> Content:
    """As ``keep`` would store it, and not stored."""
    if written.settings is None or written.reading is None or written.reading.program is None or not written.reading.ok:
        raise HasFaultsError(
            [*written.settings_reading.faults, *(written.reading.diagnostics if written.reading else ())]
        )
    text = "" if written.source is None else written.source.text
    flow = FlowVersion(tenant=tenant, number=1, source=text, program=written.reading.program, cases={})
    faq = KnowledgeVersion(tenant=tenant, number=1, markdown=written.markdown) if written.markdown.strip() else None
    business = BusinessVersion(tenant=tenant, number=1, document=written.settings.business.to_json())
    return Content(flow, faq, business, written.settings)


def _done(result: JSONObject, at: datetime | None) -> Rehearsal:
    examples = result.get("examples")
    return Rehearsal(
        Stage.DONE,
        conversations=_count(result.get("conversations")),
        different=_count(result.get("different")),
        broken=_count(result.get("failed")),
        differences=tuple(_difference(item) for item in examples if isinstance(item, dict))
        if isinstance(examples, list)
        else (),
        at=at,
    )


def _difference(item: JSONObject) -> Difference:
    return Difference(str(item.get("state") or ""), _bubbles(item.get("before")), _bubbles(item.get("after")))


def _bubbles(value: JSON) -> tuple[str, ...]:
    return tuple(str(text) for text in value) if isinstance(value, list) else ()


def _count(value: JSON) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
