"""Tests: every conversation that must stay as it is, played on the draft at each look; and "Save as a test".

::

    GET  <slug>/tests/             all of them, the failing ones first
    POST <slug>/tests/save         {script, description}: the chat becomes a test
    POST <slug>/tests/<id>/remove  the test goes
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from flow_engine.program import ProgramError, load_program
from platform_admin.authoring.draft_access import (
    draft_of,
    json_body,
    model_of,
    program_settings_of,
    sandbox_business,
    stored_settings,
)
from platform_admin.authoring.phone import ScriptError, read_script
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.authoring.refusal import refused
from platform_admin.authoring.trying import Board, record
from platform_admin.authoring.trying.access import board_of
from platform_admin.changes.step_titles import step_titles
from platform_admin.errors import ControlPlaneError, NotAllowedError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowCase
from platform_admin.flows.queries import cases_of, main_flow
from platform_admin.releases.queries import live_release

MAX_NAME: Final = 60
MAX_DESCRIPTION: Final = 200


@place
@require_GET
def tests_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    flow = main_flow(visit.tenant)
    board = board_of(visit)
    titles = step_titles(model_of(draft_of(visit)).document)
    context = frame(visit, "tests") | {
        "live": live_release(visit.tenant),
        "board": board,
        "untested": [titles.get(name, name) for name in board.untested] if board else [],
        "walked": _share(board),
        "ids": _ids(flow),
    }
    return TemplateResponse(request, "authoring/tests.html", context)


@place
@require_POST
def save_test(request: HttpRequest, visit: Visit) -> HttpResponse:
    """422 in words when the chat is empty, the draft cannot run, or the name cannot be."""
    asked = json_body(request)
    description = str(asked.get("description") or "").strip()[:MAX_DESCRIPTION]
    model, settings, flow = model_of(draft_of(visit)), stored_settings(visit), main_flow(visit.tenant)
    if flow is None or model.program is None:
        return refused(_("The phone waits until the problems marked red are mended."))
    try:
        script = read_script(asked.get("script"))
        if not script.moves:
            return refused(_("There is no chat to keep yet."))
        program = load_program(model.program, program_settings_of(visit, settings))
        text = record(program, script, sandbox_business(visit, settings), description or _("A chat"))
        case = flows.save_case(flow=flow, name=_free_name(flow, description), text=text, by=visit.user)
    except (ScriptError, ProgramError, ValidationError) as error:
        return refused(str(error))
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    except ControlPlaneError as error:
        return refused(error.message)
    return JsonResponse({"name": case.name})


@place
@require_POST
def remove_test(request: HttpRequest, visit: Visit, case_id: int) -> HttpResponse:  # noqa: ARG001 - nothing is asked
    case = FlowCase.objects.for_tenant(visit.tenant).select_related("flow").filter(pk=case_id).first()
    if case is None:
        raise Http404("There is no such test.")
    try:
        flows.remove_case(case=case, by=visit.user)
    except NotAllowedError as error:
        return HttpResponse(error.message, status=HTTPStatus.FORBIDDEN)
    return redirect("authoring:tests", visit.tenant.slug)


def _ids(flow: Flow | None) -> dict[str, int]:
    """The key of each test by its name, for the links on the page."""
    rows = FlowCase.objects.for_tenant(flow.tenant).filter(flow=flow) if flow is not None else FlowCase.objects.none()
    return dict(rows.values_list("name", "pk")) if flow is not None else {}


def _share(board: Board | None) -> int:
    return 100 * (board.states - len(board.untested)) // board.states if board and board.states else 0


def _free_name(flow: Flow, description: str) -> str:
    name = (slugify(description).replace("-", "_") or "chat")[:MAX_NAME]
    taken = set(cases_of(flow))
    free, number = f"{name}.yaml", 2
    while free in taken:
        free, number = f"{name}_{number}.yaml", number + 1
    return free
