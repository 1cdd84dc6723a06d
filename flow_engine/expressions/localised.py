"""A text in several languages: one of them is chosen whenever it is rendered, by the language of the contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from flow_engine.expressions.closures import Scope
from flow_engine.expressions.locale import Locale
from flow_engine.expressions.nodes import Filtered
from flow_engine.expressions.template import Template, compile_template
from flow_engine.vocabulary import JSON, JSONObject

LANGUAGE: Final = "@language"
"""Where the scope carries the contact's language, if one was chosen. No expression can look there."""

_TAG: Final = "tag"


@dataclass(frozen=True, slots=True)
class Languages:
    """In which language a text is said that has none for the contact: ``document`` are those that the flow names."""

    tenant: str
    document: tuple[str, ...] = ()


def spoken(language: str) -> JSONObject:
    """What stands under ``LANGUAGE`` for a contact who speaks ``language`` (a BCP 47 tag)."""
    return {_TAG: _fold(language)}


def compile_localised(texts: Mapping[str, str], locale: Locale, languages: Languages) -> Template:
    """A template that renders the text in the language of the contact, each with the words of its own locale.

    ``texts`` maps tags to texts and has at least one. A contact's language that is not there gives way to its base
    (es-MX to es), to another region of it, to the first language of the document, to the tenant's and to the first of
    the texts. Raises ExpressionError.
    """
    variants = {_fold(tag): compile_template(text, locale.speaking(tag)) for tag, text in texts.items()}
    if len(variants) == 1:
        return next(iter(variants.values()))
    tags = tuple(variants)
    unset = _pick(tags, (languages.tenant, *languages.document[:1]))
    stranger = _pick(tags, (*languages.document[:1], languages.tenant))
    return _choosing(variants, variants[unset], variants[stranger])


def compile_wordless(template: Template, locale: Locale, languages: Languages) -> Template:
    """The same text where a filter makes all of its words: then they follow the contact's language."""
    tags = dict.fromkeys(_fold(tag) for tag in (languages.tenant, *languages.document))
    filtered = any(isinstance(node, Filtered) for node in template.expressions)
    if not filtered or len(tags) == 1 or any(map(str.isalpha, template.words)):
        return template
    variants = {tag: compile_template(template.source, locale.speaking(tag)) for tag in tags}
    return _choosing(variants, template, template)


def _choosing(variants: Mapping[str, Template], unset: Template, stranger: Template) -> Template:
    """``unset`` is for a contact whose language nobody has chosen, ``stranger`` for one that speaks another."""
    tags = tuple(variants)

    def choose(scope: Scope) -> Template:
        language = scope.get(LANGUAGE)
        if language is None:
            return unset
        tag = cast("JSONObject", language)[_TAG]
        found = variants.get(cast(str, tag))
        return found if found is not None else variants.get(_near(tags, cast(str, tag)) or "", stranger)

    def render(scope: Scope) -> JSON:
        return choose(scope).render(scope)

    def render_text(scope: Scope) -> str:
        return choose(scope).render_text(scope)

    expressions = tuple(node for variant in variants.values() for node in variant.expressions)
    return Template(unset.source, render, render_text, expressions, unset.words)


def _pick(tags: Sequence[str], wanted: Sequence[str]) -> str:
    """The first of ``wanted`` that is there, exactly or nearly; else the first that is there at all."""
    for language in wanted:
        found = _near(tags, _fold(language))
        if found is not None:
            return found
    return tags[0]


def _near(tags: Sequence[str], language: str) -> str | None:
    if language in tags:
        return language
    base = language.partition("-")[0]
    return base if base in tags else next((tag for tag in tags if tag.partition("-")[0] == base), None)


def _fold(tag: str) -> str:
    return tag.replace("_", "-").lower()
