"""Who is told about a proposed release, put into the worker's queue: a job a person, each of them once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone as clock

from platform_admin.jobs.actions import enqueue
from platform_admin.releases.models import Proposal
from platform_admin.tenants.models import Role, User

JOB_KIND: Final = "proposal_letter"

WAITS: Final = "waits"
"""A second person is to look at it. The other letters are named by what became of it (``Proposal.State``)."""

REPLACED: Final = "replaced"
"""It became nothing because another one took its place; its state says no more than that it was withdrawn."""

_MAY_PUBLISH: Final = [role for role in Role if role.rank >= Role.PUBLISHER.rank]


def second_people(proposal: Proposal) -> QuerySet[User]:
    """Everybody else in the business who may let it out. A platform operator may as well, and is not written to."""
    of_the_business = User.objects.filter(
        memberships__tenant=proposal.tenant_id, memberships__role__in=_MAY_PUBLISH, is_active=True
    )
    return of_the_business.exclude(pk=proposal.proposed_by_id)


def post_waiting(proposal: Proposal) -> None:
    """To each of ``second_people``."""
    _post(proposal, WAITS, second_people(proposal).values_list("pk", flat=True), by=proposal.proposed_by)


def post_decided(proposal: Proposal, *, by: User) -> None:
    """To whoever proposed it, unless it was she who withdrew it."""
    if proposal.proposed_by_id != by.pk:
        _post(proposal, str(proposal.state), [proposal.proposed_by_id], by=by)


def post_replaced(proposal: Proposal, *, by: User) -> None:
    """To whoever proposed it, unless the one that took its place is hers as well."""
    if proposal.proposed_by_id != by.pk:
        _post(proposal, REPLACED, [proposal.proposed_by_id], by=by)


def _post(proposal: Proposal, about: str, people: Iterable[int], *, by: User) -> None:
    for person in people:
        enqueue(
            kind=JOB_KIND,
            key=f"{proposal.pk}:{about}:{person}",
            due_at=clock.now(),
            payload={"proposal": proposal.pk, "about": about, "person": person, "by": by.pk},
        )
