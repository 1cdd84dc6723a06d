"""The FAQ of a business as its pages need it: the text, its facts, what is expected of it, what was asked in vain."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils import timezone as clock

from connectors.llm.verification import read_knowledge
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.asking_llm import Worded, ask_llm
from platform_admin.authoring.draft_access import business_facts, stored_settings
from platform_admin.authoring.faq import likely_heading, outline, preview, tried_as_json
from platform_admin.authoring.places import Visit
from platform_admin.knowledge.answering import Answer, answer_from
from platform_admin.knowledge.evaluating import Expectation, evaluate
from platform_admin.knowledge.facts import Fact, facts_of, fill_facts, unknown_facts
from platform_admin.knowledge.models import EvaluationQuestion, KnowledgeDocument
from platform_admin.knowledge.queries import document_of
from platform_admin.observability.queries import unanswered_of
from platform_admin.sight.gaps import MOST_QUESTIONS, gaps

SHOWN_GAPS = 30


def document_for(visit: Visit) -> KnowledgeDocument:
    return document_of(visit.tenant) or KnowledgeDocument(tenant=visit.tenant)


def facts_for(visit: Visit) -> tuple[Fact, ...]:
    """From what is written under hours and services now."""
    today = clock.now().astimezone(ZoneInfo(visit.tenant.timezone)).date()
    return facts_of(business_facts(visit), language=visit.tenant.language, today=today)


def state_of(visit: Visit, document: KnowledgeDocument) -> JSONObject:
    """For the islands: the text, how it reads with its facts, and what nothing fills."""
    facts = facts_for(visit)
    sections: list[JSON] = [
        {"title": section.title, "level": section.level, "line": section.line} for section in outline(document.draft)
    ]
    unknown: list[JSON] = [{"key": one.key, "line": one.line} for one in unknown_facts(document.draft, facts)]
    return {
        "revision": document.revision,
        "saved_at": document.updated_at.isoformat() if document.revision else None,
        "text": document.draft,
        "preview": preview(fill_facts(document.draft, facts)),
        "outline": sections,
        "unknown": unknown,
        "checks": checks_of(visit, document, facts),
    }


def checks_of(visit: Visit, document: KnowledgeDocument, facts: tuple[Fact, ...]) -> list[JSON]:
    """Every question that must be right, asked of the text as it stands."""
    rows = list(EvaluationQuestion.objects.for_tenant(visit.tenant))
    markdown = fill_facts(document.draft, facts)
    evaluated = evaluate(
        (Expectation(row.question, row.heading) for row in rows), markdown, language=visit.tenant.language
    )
    return [
        {
            "id": row.pk,
            "question": row.question,
            "heading": row.heading,
            "holds": one.holds,
            "got": tried_as_json(one.answer),
        }
        for row, one in zip(rows, evaluated, strict=True)
    ]


def ask(visit: Visit, question: str) -> Answer:
    """What a customer would be told from the text as it stands."""
    markdown = fill_facts(document_for(visit).draft, facts_for(visit))
    return answer_from(read_knowledge(markdown), question, language=visit.tenant.language)


def worded_by_llm(visit: Visit, question: str) -> Worded | None:
    """The same question in the words of the business's own language model; ``None`` where none is connected."""
    markdown = fill_facts(document_for(visit).draft, facts_for(visit))
    return ask_llm(visit.tenant, stored_settings(visit), question, markdown=markdown, by=visit.user)


def gaps_of(visit: Visit, document: KnowledgeDocument) -> list[JSON]:
    """What customers asked in vain, put together where it is the same; most asked first.

    Nothing for who does not read customers' words.
    """
    if not visit.shows_words:
        return []
    found = gaps(list(unanswered_of(visit.tenant)[:MOST_QUESTIONS]))[:SHOWN_GAPS]
    return [
        {
            "question": gap.question,
            "count": gap.count,
            "examples": list(gap.examples),
            "ids": list(gap.ids),
            "under": likely_heading(document.draft, " ".join((gap.question, *gap.examples))),
        }
        for gap in found
    ]
