"""Publishing by two people: one makes a release ready, another one lets it out."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.errors import ConflictError, NotAllowedError, NotThereError
from platform_admin.releases.actions import keep_unchanged, live_mark, pass_gate, pass_gate_again
from platform_admin.releases.content import Content
from platform_admin.releases.letters.posting import post_decided, post_replaced, post_waiting
from platform_admin.releases.models import Proposal, Release
from platform_admin.releases.queries import open_proposal
from platform_admin.releases.sealing import Wrapping, lock, make_release
from platform_admin.releases.sources import Sources
from platform_admin.tenants import audit
from platform_admin.tenants.actor import require_role
from platform_admin.tenants.models import Role, Tenant, User


def propose(*, tenant: Tenant, by: User, note: str = "", people_in_flight: JSONObject | None = None) -> Proposal:
    """Everything that is written now, checked and fixed, for another person to let out. Raises what publishing does."""
    require_role(by, tenant=tenant, role=Role.PUBLISHER)
    written, _ = pass_gate(tenant=tenant, sources=Sources())
    with transaction.atomic():
        lock(tenant)
        parts = keep_unchanged(tenant=tenant, written=written, sources=Sources(), by=by)
        superseded = Proposal.objects.for_tenant(tenant).filter(state=Proposal.State.OPEN)
        replaced = list(superseded)
        before: list[JSON] = [_mark(one) for one in replaced]
        superseded.update(state=Proposal.State.WITHDRAWN)
        proposal = Proposal.objects.create(
            tenant=tenant,
            flow_version=parts.flow_version,
            knowledge_version=parts.knowledge_version,
            business_version=parts.business_version,
            settings=parts.settings.model_dump(mode="json", exclude_unset=True),
            people_in_flight=people_in_flight or {},
            note=note,
            proposed_at=clock.now(),
            proposed_by=by,
        )
        for one in replaced:
            post_replaced(one, by=by)
        post_waiting(proposal)
        audit.record(
            by=by, verb="proposed release", subject=proposal, tenant=tenant, details={"note": note},
            before=before or None, after=_mark(proposal),
        )  # fmt: skip
    return proposal


def proposal_meant(*, tenant: Tenant, number: str) -> Proposal:
    """The open proposal, if it is the one that somebody looked at (``number``, its key in a form).

    Raises ``NotThereError`` where nothing waits, ``ConflictError`` where another one took its place meanwhile: nobody
    lets out what she has not seen.
    """
    proposal = open_proposal(tenant)
    if proposal is None:
        raise NotThereError(_("Nothing waits for a second person."))
    if number != str(proposal.pk):
        raise ConflictError(_("This proposal was replaced by another one. Look at that one first."))
    return proposal


def approve(*, proposal: Proposal, by: User) -> Release:
    """Let the proposed release out, exactly as it was proposed.

    Raises ``NotAllowedError`` for the person who proposed it, ``ConflictError`` when it was decided already,
    ``HasFaultsError`` when what it needs was removed meanwhile.
    """
    tenant = proposal.tenant
    require_role(by, tenant=tenant, role=Role.PUBLISHER)
    if proposal.proposed_by_id == by.pk:
        raise NotAllowedError(_("Another person than the one who proposed it has to approve it."))
    content = Content.pinned_by(proposal)
    gate = pass_gate_again(tenant=tenant, content=content)
    with transaction.atomic():
        lock(tenant)
        _require_open(proposal)
        before = live_mark(tenant)
        wrapping = Wrapping(note=proposal.note, approved_by=by)
        release = make_release(tenant=tenant, by=proposal.proposed_by, content=content, gate=gate, wrapping=wrapping)
        proposal.state, proposal.decided_at, proposal.release = Proposal.State.APPROVED, clock.now(), release
        proposal.save(update_fields=["state", "decided_at", "release"])
        post_decided(proposal, by=by)
        details: JSONObject = {"serial": release.serial, "proposed_by": str(proposal.proposed_by)}
        after = live_mark(tenant)
        audit.record(
            by=by, verb="published", subject=release, tenant=tenant, details=details, before=before, after=after
        )
    return release


@transaction.atomic
def withdraw(*, proposal: Proposal, by: User) -> Proposal:
    """Nothing goes out. Anybody who may publish may withdraw."""
    require_role(by, tenant=proposal.tenant, role=Role.PUBLISHER)
    lock(proposal.tenant)
    _require_open(proposal)
    before = _mark(proposal)
    proposal.state, proposal.decided_at = Proposal.State.WITHDRAWN, clock.now()
    proposal.save(update_fields=["state", "decided_at"])
    post_decided(proposal, by=by)
    audit.record(
        by=by, verb="withdrew release", subject=proposal, tenant=proposal.tenant, before=before, after=_mark(proposal)
    )
    return proposal


def _mark(proposal: Proposal) -> JSONObject:
    """What the trail says of a proposal: how it stands, and what it would let out."""
    pinned = (proposal.flow_version, proposal.knowledge_version, proposal.business_version)
    return {
        "state": str(proposal.state),
        "proposed_at": proposal.proposed_at.isoformat(),
        "pins": [str(version) for version in pinned if version is not None],
    }


def _require_open(proposal: Proposal) -> None:
    proposal.refresh_from_db(fields=["state"])
    if proposal.state != Proposal.State.OPEN:
        raise ConflictError(_("It was %(state)s already.") % {"state": proposal.get_state_display().lower()})
