"""``attention_of``: what somebody should look at now, in her words, the worst first, each with the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone as clock
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.draft_access import draft_of
from platform_admin.authoring.places import Visit
from platform_admin.authoring.publishing.differences import unpublished
from platform_admin.business.queries import draft_of as business_draft_of
from platform_admin.knowledge.queries import document_of
from platform_admin.observability.models import HandOff
from platform_admin.observability.overview import OverviewRow, overview
from platform_admin.observability.queries import unanswered_of
from platform_admin.releases.models import Release
from platform_admin.releases.queries import open_proposal
from platform_admin.releases.sources import settings_of
from platform_admin.sight.gaps import MOST_QUESTIONS, gaps
from platform_admin.tenants.models import Tenant

ASKED_OFTEN: Final = 2
"""From so many times on a question is worth a line of its own."""

_IN_HER_WORDS: Final[dict[str, str | Promise]] = {
    "silent": gettext_lazy("Your bot has not been heard of for a while. Whoever runs the platform has been told."),
    "not_ready": gettext_lazy("Your bot is not answering at the moment."),
    "refused": gettext_lazy("Your bot refused the last release, and goes on with the one before."),
    "errors": gettext_lazy("Many messages end in a fault."),
    "quiet": gettext_lazy("Nobody is writing, though at this hour people usually do."),
    "never_started": gettext_lazy("Your bot has not been started yet. Ask whoever runs the platform."),
    "degraded": gettext_lazy("Your bot runs, and something about it is not as it should be."),
    "breaker_open": gettext_lazy("One of your connections does not answer; customers are told so."),
    "dead_letters": gettext_lazy("Some messages could not be delivered."),
    "loop_detected": gettext_lazy(
        "Somebody sent the same message over and over, probably another bot. Yours is silent towards it for a while."
    ),
    "quota_full": gettext_lazy("This month's free questions are used up: the bot says so and goes on without them."),
    "quota_warning": gettext_lazy("This month's free questions are nearly used up."),
    "fallbacks": gettext_lazy("Many messages are not understood."),
}
"""What an operator reads in two words, for people of the business. What is not here is the operator's alone."""

_LEADS_TO: Final = {
    "refused": "authoring:publish",
    "breaker_open": "connect:connections",
    "dead_letters": "authoring:customers",
    "loop_detected": "authoring:customers",
    "errors": "authoring:customers",
    "fallbacks": "authoring:customers",
}


@dataclass(frozen=True, slots=True)
class Attention:
    """``do`` is what the link says; empty where there is nothing to press. ``severe``: customers suffer."""

    words: str
    do: str = ""
    address: str = ""
    severe: bool = False


def standing_of(tenant: Tenant) -> OverviewRow:
    """How the business stands, as the operator's overview reckons it."""
    (row,) = overview(Tenant.objects.filter(pk=tenant.pk), now=clock.now())
    return row


def attention_of(visit: Visit, row: OverviewRow, live: Release | None) -> list[Attention]:
    """The worst first."""
    found = [*_people(visit.tenant), *_conditions(row, visit.tenant), *_proposed(visit), *_written(visit, live)]
    found += _questions(visit)
    return sorted(found, key=lambda line: not line.severe)


def _people(tenant: Tenant) -> Iterator[Attention]:
    waiting = HandOff.objects.for_tenant(tenant).filter(open=True).count()
    if waiting:
        words = ngettext(
            "%(n)s customer waits for a person.", "%(n)s customers wait for a person.", waiting
        ) % {"n": waiting}  # fmt: skip
        address = reverse("authoring:customers", args=[tenant.slug]) + "?show=waiting"
        yield Attention(words, _("Answer"), address, severe=True)


def _conditions(row: OverviewRow, tenant: Tenant) -> Iterator[Attention]:
    for condition in row.conditions:
        words = _IN_HER_WORDS.get(condition.kind)
        if words is not None:
            place = _LEADS_TO.get(condition.kind)
            address = reverse(place, args=[tenant.slug]) if place else ""
            yield Attention(str(words), _("Look") if place else "", address, severe=condition.severe)


def _written(visit: Visit, live: Release | None) -> Iterator[Attention]:
    tenant, draft, business = visit.tenant, draft_of(visit), business_draft_of(visit.tenant)
    errors = sum(fault.get("severity") == "error" for fault in draft.faults)
    if errors:
        words = ngettext(
            "%(n)s mistake in the conversation keeps it from being published.",
            "%(n)s mistakes in the conversation keep it from being published.",
            errors,
        ) % {"n": errors}
        yield Attention(words, _("Mend it"), reverse("authoring:conversation", args=[tenant.slug]))
    if business is not None and business.faults:
        yield Attention(
            _("Something in hours and services does not fit together."),
            _("Mend it"),
            reverse("authoring:hours", args=[tenant.slug]),
        )
    changes = _unpublished(tenant, live, draft.text, {} if business is None else business.document)
    if changes:
        words = ngettext(
            "%(n)s change is written and not published.", "%(n)s changes are written and not published.", changes
        ) % {"n": changes}  # fmt: skip
        yield Attention(words, _("Review"), reverse("authoring:publish", args=[tenant.slug]))


def _unpublished(tenant: Tenant, live: Release | None, flow_text: str, business: JSONObject) -> int:
    """How many changes. Before the first release nothing is asked."""
    if live is None:
        return 0
    document = document_of(tenant)
    faq = "" if document is None else document.draft
    settings = settings_of(tenant, business).document
    return len(unpublished(live, flow_text=flow_text, business=business, faq=faq, settings=settings))


def _proposed(visit: Visit) -> Iterator[Attention]:
    """For those who may let it out, not for who proposed it."""
    proposal = open_proposal(visit.tenant) if visit.tenant.needs_second_person and visit.may_publish else None
    if proposal is not None and proposal.proposed_by_id != visit.user.pk:
        words = _("%(who)s proposed a release. A second person has to approve it.") % {"who": proposal.proposed_by}
        yield Attention(words, _("Review"), reverse("authoring:publish", args=[visit.tenant.slug]))


def _questions(visit: Visit) -> Iterator[Attention]:
    """Quoted for those who read customers' words, counted for the others."""
    tenant = visit.tenant
    found = gaps(list(unanswered_of(tenant)[:MOST_QUESTIONS]))
    often = [gap for gap in found if visit.shows_words and gap.count >= ASKED_OFTEN]
    address = reverse("authoring:faq", args=[tenant.slug])
    for gap in often[:2]:
        words = _("“%(question)s” was asked %(n)s times and not answered.") % {"question": gap.question, "n": gap.count}
        yield Attention(words, _("Add an answer"), address)
    rest = len(found) - len(often[:2])
    if rest > 0:
        words = ngettext(
            "%(n)s question was asked and not answered.", "%(n)s questions were asked and not answered.", rest
        ) % {"n": rest}  # fmt: skip
        yield Attention(words, _("Look"), address)
