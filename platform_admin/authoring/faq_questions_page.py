"""The questions beside the FAQ: those asked in vain, and those that must be right before anything is published.

::

    POST <slug>/faq/answer         {revision, under, title, answer, question, ids}: into the text, and kept as a check
    POST <slug>/faq/put-aside      {ids}: not for this business
    POST <slug>/faq/expect         {question, silent}: answered as it is now, or not at all
    POST <slug>/faq/expect-no-more {id}
"""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.draft_access import json_body
from platform_admin.authoring.faq import insert_answer
from platform_admin.authoring.faq_access import ask, document_for, gaps_of, state_of
from platform_admin.authoring.faq_page import MAX_QUESTION, save_text
from platform_admin.authoring.places import Visit, place
from platform_admin.authoring.refusal import refused
from platform_admin.errors import ControlPlaneError, NotAllowedError
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.models import EvaluationQuestion
from platform_admin.observability.actions import settle_questions
from platform_admin.observability.models import UnansweredQuestion

_MOST_IDS = 2_000
_LONGEST_TITLE = 200


@place
@require_POST
def answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One step for the author: the answer stands in the text, the question is a check, and the gap is closed."""
    asked = json_body(request)
    title, words, question = (_text(asked, key) for key in ("title", "answer", "question"))
    revision, under = asked.get("revision"), asked.get("under")
    if not isinstance(revision, int) or isinstance(revision, bool):
        return refused(_("This page is out of step. Load it again; what you typed is kept."))
    if not title or not words or not question:
        return refused(_("Write the answer first."))
    document = document_for(visit)
    line = under if isinstance(under, int) else 0
    text = insert_answer(document.draft, under=line, title=title[:_LONGEST_TITLE], answer=words)
    with transaction.atomic():
        saved = save_text(visit, revision, text)
        if saved.status_code != HTTPStatus.OK:
            return saved
        heading = " ".join(title[:_LONGEST_TITLE].split()).lstrip("#").strip()
        knowledge.expect(tenant=visit.tenant, question=question[:MAX_QUESTION], heading=heading, by=visit.user)
        _settle(visit, asked, UnansweredQuestion.State.ANSWERED)
    return _whole(visit)


@place
@require_POST
def put_aside(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        _settle(visit, json_body(request), UnansweredQuestion.State.DISMISSED)
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    return _whole(visit)


@place
@require_POST
def expect(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keeps what holds now: a check that fails from its first day on would only be in the way."""
    asked = json_body(request)
    question = _text(asked, "question")[:MAX_QUESTION]
    if not question:
        return refused(_("Write a question first."))
    got = ask(visit, question)
    if got.answered and not got.heading:
        return refused(_("The answer stands under no heading. Put one above it, then keep the question."))
    try:
        knowledge.expect(tenant=visit.tenant, question=question, heading=got.heading * got.answered, by=visit.user)
    except ValidationError as error:
        return refused(" ".join(error.messages))
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    except ControlPlaneError as error:
        return refused(error.message)
    return _whole(visit)


@place
@require_POST
def expect_no_more(request: HttpRequest, visit: Visit) -> HttpResponse:
    wanted = json_body(request).get("id")
    key = wanted if isinstance(wanted, int) else 0
    row = EvaluationQuestion.objects.for_tenant(visit.tenant).filter(pk=key).first()
    try:
        if row is not None:
            knowledge.expect_no_more(question=row, by=visit.user)
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    return _whole(visit)


def _whole(visit: Visit) -> JsonResponse:
    document = document_for(visit)
    return JsonResponse({"draft": state_of(visit, document), "gaps": gaps_of(visit, document)})


def _text(asked: JSONObject, key: str) -> str:
    value = asked.get(key)
    return value.strip() if isinstance(value, str) else ""


def _settle(visit: Visit, asked: JSONObject, state: UnansweredQuestion.State) -> None:
    given: JSON = asked.get("ids")
    ids = [key for key in given[:_MOST_IDS] if isinstance(key, int)] if isinstance(given, list) else []
    settle_questions(tenant=visit.tenant, ids=ids, state=state, by=visit.user)
