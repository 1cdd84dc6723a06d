"""FAQ: the business's own document, rendered beside its text, tried with questions, and filled from what was asked.

::

    GET  <slug>/faq/         the page
    GET  <slug>/faq/draft    the text as it stands
    POST <slug>/faq/draft    {revision, text}: saved and rendered
    POST <slug>/faq/ask      {question}: what a customer would be told
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.draft_access import json_body
from platform_admin.authoring.faq import outline, preview, try_question
from platform_admin.authoring.page_phrases import PHRASES
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.authoring.refusal import refused
from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.models import KnowledgeDocument
from platform_admin.knowledge.queries import document_of
from platform_admin.observability.attention import UnansweredQuestion
from platform_admin.releases.queries import live_release

MAX_QUESTION: Final = 1000
"""As long as a question that a runtime reports."""
SHOWN_QUESTIONS: Final = 20


@place
@require_GET
def faq_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    document = _document(visit)
    context = frame(visit, "faq") | {
        "live": live_release(visit.tenant),
        "phrases": PHRASES,
        "begin": {"draft": _state(document), "may_edit": visit.may_edit},
        "asked": _unanswered(visit),
    }
    return TemplateResponse(request, "authoring/faq.html", context)


@place
@require_http_methods(["GET", "POST"])
def faq_draft(request: HttpRequest, visit: Visit) -> HttpResponse:
    """409 with both texts when somebody else saved meanwhile."""
    if request.method == "GET":
        return JsonResponse(_state(_document(visit)))
    asked = json_body(request)
    revision, text = asked.get("revision"), asked.get("text")
    if not isinstance(revision, int) or isinstance(revision, bool) or not isinstance(text, str):
        return refused(_("This page is out of step. Load it again; what you typed is kept."))
    try:
        saved = knowledge.save_draft(
            tenant=visit.tenant, markdown=text.replace("\r\n", "\n"), by=visit.user, over_revision=revision
        )
    except ConflictError as error:
        theirs = _state(_document(visit))
        return JsonResponse({"message": error.message, "theirs": theirs}, status=HTTPStatus.CONFLICT)
    except ValidationError:
        return refused(_("The text is too long for an FAQ."))
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    return JsonResponse(_state(saved))


@place
@require_POST
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    question = json_body(request).get("question")
    if not isinstance(question, str) or not question.strip():
        return refused(_("Write a question first."))
    markdown = _document(visit).draft
    tried = try_question(question[:MAX_QUESTION], markdown=markdown, language=visit.tenant.language)
    return JsonResponse(tried.as_json())


def _document(visit: Visit) -> KnowledgeDocument:
    return document_of(visit.tenant) or KnowledgeDocument(tenant=visit.tenant)


def _state(document: KnowledgeDocument) -> JSONObject:
    sections: list[JSON] = [
        {"title": section.title, "level": section.level, "line": section.line} for section in outline(document.draft)
    ]
    return {
        "revision": document.revision,
        "saved_at": document.updated_at.isoformat() if document.revision else None,
        "text": document.draft,
        "preview": preview(document.draft),
        "outline": sections,
    }


def _unanswered(visit: Visit) -> list[str]:
    """The newest questions that got the canned sentence, each once."""
    rows = UnansweredQuestion.objects.for_tenant(visit.tenant).filter(state=UnansweredQuestion.State.OPEN)
    return list(dict.fromkeys(rows.values_list("question", flat=True)[: SHOWN_QUESTIONS * 5]))[:SHOWN_QUESTIONS]
