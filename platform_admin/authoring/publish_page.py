"""Publish: a page, not a dialog.

What changes, whom it meets in the middle of something, whether all is ready; then one button, progress until the
runtime says it is live, and the way back in reach.

::

    GET  <slug>/publish/           the page; every check runs for it
    POST <slug>/publish/go         do=publish | stage | promote, and what becomes of people on steps that are gone
    GET  <slug>/publish/progress   which release the runtime has, as JSON
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.draft_access import draft_of, model_of
from platform_admin.authoring.page_phrases import PHRASES
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.business.queries import draft_of as business_draft_of
from platform_admin.changes import Change, business_changes, flow_changes, knowledge_changes, settings_changes
from platform_admin.changes.step_title import step_title
from platform_admin.errors import ControlPlaneError, HasFaultsError
from platform_admin.knowledge.queries import document_of
from platform_admin.observability.queries import sighting_of
from platform_admin.releases.actions import check_release, promote, publish, stage
from platform_admin.releases.gate import GateReport
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release, staged_release
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.settings_reading import check_settings
from platform_admin.releases.sources import settings_of

MENDED_AT: Final = {
    "business": "authoring:hours",
    "flow": "authoring:conversation",
    "knowledge": "authoring:faq",
    "tests": "authoring:tests",
}
"""Where a check's place is on these pages; the others are an operator's."""


@dataclass(frozen=True, slots=True)
class Stranded:
    """People on a step that the draft no longer has."""

    step: str
    title: str
    count: int


@place
@require_GET
def publish_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    live = live_release(visit.tenant)
    gate = check_release(tenant=visit.tenant, by=visit.user)
    model = model_of(draft_of(visit))
    context = frame(visit, "publish") | {
        "live": live,
        "next": (live.serial if live else 0) + 1,
        "changes": _changes(visit, live),
        "stranded": _stranded(visit, live, model.document),
        "steps": [(name, step_title(name)) for name in _states(model.document)],
        "checks": _checks(gate),
        "ready": not any(result.refuses for result in gate.results),
        "staged": staged_release(visit.tenant),
        "sighting": sighting_of(visit.tenant),
        "phrases": PHRASES,
        "begin": {"serial": live.serial if live else None},
    }
    return TemplateResponse(request, "authoring/publish.html", context)


@place
@require_POST
def go(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Back to the page with what came of it; nothing is published unless every check holds."""
    try:
        release = _let_out(request, visit)
    except HasFaultsError:
        messages.error(request, _("Nothing was published: see what is not ready yet."))
    except ControlPlaneError as error:
        messages.error(request, error.message)
    else:
        words = _("Release %(serial)s is on its way.") % {"serial": release.serial}
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


def _let_out(request: HttpRequest, visit: Visit) -> Release:
    do = request.POST.get("do")
    if do == "promote":
        return promote(tenant=visit.tenant, by=visit.user)
    people = _people_in_flight(request)
    if do == "stage":
        contacts = [line.strip() for line in request.POST.get("contacts", "").split(",") if line.strip()]
        if not contacts:
            raise ControlPlaneError(_("Write at least one phone to try it on."))
        return stage(tenant=visit.tenant, contacts=contacts, by=visit.user, people_in_flight=people)
    return publish(tenant=visit.tenant, by=visit.user, people_in_flight=people)


def _people_in_flight(request: HttpRequest) -> JSONObject:
    """``in_flight_<STEP>`` is ``finish``, ``restart`` or the name of a step to move to."""
    chosen: dict[str, JSON] = {}
    for key, value in request.POST.items():
        if key.startswith("in_flight_") and isinstance(value, str):
            step = key.removeprefix("in_flight_")
            chosen[step] = {"do": value} if value in ("finish", "restart") else {"do": "move", "to": value}
    return chosen


def _changes(visit: Visit, live: Release | None) -> tuple[Change, ...]:
    """Between what is live and what is written now; nothing is listed before the first release: everything is new."""
    if live is None:
        return ()
    document, business = document_of(visit.tenant), business_draft_of(visit.tenant)
    old_business = live.business_version.document if live.business_version else {}
    old_faq = live.knowledge_version.markdown if live.knowledge_version else ""
    written = settings_of(visit.tenant).document
    return (
        *business_changes(old_business, dict(business.document) if business else {}),
        *flow_changes(live.flow_version.source, draft_of(visit).text),
        *knowledge_changes(old_faq, document.draft if document else ""),
        *_settings_changes(live, written),
    )


def _settings_changes(live: Release, written: SettingsDocument | None) -> tuple[Change, ...]:
    """Both sides with every default written out: what nobody wrote is no change."""
    old = check_settings(live.settings).document
    if old is None or written is None:
        return ()
    return settings_changes(old.model_dump(mode="json"), written.model_dump(mode="json"))


def _states(document: JSON) -> tuple[str, ...]:
    states = document.get("states") if isinstance(document, dict) else None
    return tuple(states) if isinstance(states, dict) else ()


def _stranded(visit: Visit, live: Release | None, document: JSON) -> tuple[Stranded, ...]:
    """From the runtime's last count: who stands on a step that would be gone."""
    sighting = sighting_of(visit.tenant)
    if live is None or sighting is None:
        return ()
    known = {*_states(document), *_renamed(document)}
    counts: dict[str, int] = {}
    for row in sighting.gauges.get("open_conversations", []):
        state = str(row.get("state"))
        if state not in known:
            counts[state] = counts.get(state, 0) + int(row.get("count", 0))
    return tuple(Stranded(step, step_title(step), count) for step, count in sorted(counts.items()) if count)


def _renamed(document: JSON) -> tuple[str, ...]:
    renamed = document.get("renamed_states") if isinstance(document, dict) else None
    return tuple(renamed) if isinstance(renamed, dict) else ()


def _checks(gate: GateReport) -> list[dict[str, object]]:
    return [
        {
            "title": result.check.title,
            "state": str(result.outcome.state),
            "reason": result.outcome.reason,
            "refuses": result.refuses,
            "faults": result.outcome.faults[:3],
            "more": _more(len(result.outcome.faults) - 3),
            "place": MENDED_AT.get(result.check.place),
        }
        for result in gate.results
    ]


def _more(count: int) -> str:
    return ngettext("and %(n)s more", "and %(n)s more", count) % {"n": count} if count > 0 else ""
