"""Publish: a page, not a dialog.

What changes, whom it meets in the middle of something, whether all is ready; then one button, progress until the
runtime says it is live, and the way back in reach.

::

    GET  <slug>/publish/           the page; every check runs for it
    POST <slug>/publish/go         do=publish | stage | promote | propose | approve | decline, and what becomes of
                                   people on steps that are gone
    GET  <slug>/publish/progress   which release the runtime has, as JSON
    GET  <slug>/publish/replay     how the last conversations went on the draft, as a piece of the page
    POST <slug>/publish/replay     the runtime is asked to play them
"""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_admin.authoring.draft_access import draft_of, model_of, model_of_written
from platform_admin.authoring.page_phrases import PHRASES
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.authoring.publishing.differences import unpublished
from platform_admin.authoring.publishing.people_in_flight import decided, states_of, stranded
from platform_admin.authoring.publishing.readiness import readiness
from platform_admin.authoring.refusal import refused
from platform_admin.business.queries import draft_of as business_draft_of
from platform_admin.changes.step_titles import step_titles
from platform_admin.errors import ControlPlaneError, HasFaultsError, NotAllowedError
from platform_admin.observability.models import Turn
from platform_admin.observability.queries import sighting_of
from platform_admin.releases.actions import check_release, promote, publish, stage
from platform_admin.releases.comparing import changes_between
from platform_admin.releases.letters.posting import second_people
from platform_admin.releases.models import LONGEST_NOTE, Proposal, Release
from platform_admin.releases.proposals import approve, proposal_meant, propose, withdraw
from platform_admin.releases.queries import (
    live_release,
    live_release_with_parts,
    open_proposal,
    release_before,
    staged_release,
)
from platform_admin.releases.rehearsal import Player, rehearsal_of, rehearse
from platform_admin.releases.sources import Sources, read_written


@place
@require_GET
def publish_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    live, sighting = live_release_with_parts(visit.tenant), sighting_of(visit.tenant)
    written = read_written(tenant=visit.tenant, sources=Sources())
    gate = check_release(tenant=visit.tenant, by=visit.user, written=written)
    model, business = model_of_written(visit.tenant, written), business_draft_of(visit.tenant)
    titles = step_titles(model.document)
    proposal = open_proposal(visit.tenant)
    context = frame(visit, "publish") | {
        "live": live,
        "next": (live.serial if live else 0) + 1,
        "changes": unpublished(
            live,
            flow_text=model.text,
            business={} if business is None else business.document,
            faq=written.markdown,
            settings=written.settings,
        ),
        "stranded": stranded(live, sighting, model.document),
        "titles": titles,
        "steps": [(name, titles[name]) for name in states_of(model.document)],
        "checks": readiness(gate, visit),
        "ready": gate.passed,
        "proposal": proposal,
        "proposed_changes": () if live is None or proposal is None else changes_between(live, proposal),
        "is_own_proposal": proposal is not None and proposal.proposed_by_id == visit.user.pk,
        "staged": staged_release(visit.tenant),
        "rehearsal": rehearsal_of(visit.tenant, written, Player(live, sighting)),
        "before": release_before(live) if live else None,
        "conversations": _conversations(live),
        "sighting": sighting,
        "phrases": PHRASES,
        "begin": {"serial": live.serial if live else None},
    }
    return TemplateResponse(request, "authoring/publish.html", context)


def _conversations(live: Release | None) -> int:
    """How many of those that are still known ran on the live release."""
    if live is None:
        return 0
    turns = Turn.objects.for_tenant(live.tenant).filter(serial=live.serial).order_by()
    return turns.values("conversation").distinct().count()


@place
@require_POST
def go(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Back to the page with what came of it; nothing is published unless every check holds."""
    try:
        words = _of_two(request, visit) or _("Release %(serial)s is on its way.") % {
            "serial": _let_out(request, visit).serial
        }
    except HasFaultsError:
        messages.error(request, _("Nothing was published: see what is not ready yet."))
    except ControlPlaneError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, words)
    return redirect("authoring:publish", visit.tenant.slug)


@place
@require_GET
def progress(request: HttpRequest, visit: Visit) -> HttpResponse:  # noqa: ARG001 - nothing is asked
    live, sighting = live_release(visit.tenant), sighting_of(visit.tenant)
    wanted = live.serial if live else None
    has = sighting.serial if sighting else None
    refusal = sighting.refusal_reason if sighting and sighting.refusal_code else None
    done = wanted is not None and wanted == has
    return JsonResponse({"wanted": wanted, "has": has, "done": done, "refusal": refusal}, status=HTTPStatus.OK)


@place
@require_http_methods(["GET", "POST"])
def replay(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Asking twice for one draft plays it once. What keeps it from being played is said in the piece itself."""
    if request.method == "POST":
        try:
            rehearse(tenant=visit.tenant, by=visit.user)
        except NotAllowedError as error:
            return refused(error.message, HTTPStatus.FORBIDDEN)
        except ControlPlaneError as error:
            return refused(error.message)
        return JsonResponse({}, status=HTTPStatus.ACCEPTED)
    titles = step_titles(model_of(draft_of(visit)).document)
    context = {"rehearsal": rehearsal_of(visit.tenant), "visit": visit, "tenant": visit.tenant, "titles": titles}
    return TemplateResponse(request, "authoring/parts/rehearsal.html", context)


def _of_two(request: HttpRequest, visit: Visit) -> str:
    """What belongs to publishing by two people, and the sentence for it; empty for anything else that was pressed."""
    do = request.POST.get("do")
    if do == "propose":
        note, people = request.POST.get("note", "").strip()[:LONGEST_NOTE], decided(request.POST.dict())
        proposal = propose(tenant=visit.tenant, by=visit.user, note=note, people_in_flight=people)
        if second_people(proposal).exists():
            return _("Proposed. Whoever else may publish in this business finds it on this page, and gets a mail.")
        return _("Proposed. Nobody else in this business may publish: ask a platform operator to look at this page.")
    if do == "decline":
        withdraw(proposal=_proposal(request, visit), by=visit.user)
        return _("The proposal is withdrawn. Nothing was published.")
    return ""


def _proposal(request: HttpRequest, visit: Visit) -> Proposal:
    return proposal_meant(tenant=visit.tenant, number=request.POST.get("proposal", ""))


def _let_out(request: HttpRequest, visit: Visit) -> Release:
    do = request.POST.get("do")
    if do == "promote":
        return promote(tenant=visit.tenant, by=visit.user)
    if do == "approve":
        return approve(proposal=_proposal(request, visit), by=visit.user)
    people = decided(request.POST.dict())
    if do == "stage":
        contacts = [line.strip() for line in request.POST.get("contacts", "").split(",") if line.strip()]
        if not contacts:
            raise ControlPlaneError(_("Write at least one phone to try it on."))
        return stage(tenant=visit.tenant, contacts=contacts, by=visit.user, people_in_flight=people)
    return publish(tenant=visit.tenant, by=visit.user, people_in_flight=people)
