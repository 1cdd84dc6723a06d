"""The names of models, fields and choices, in the language of whoever looks at the admin (``model_words``)."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override


def shown(model: type[models.Model]) -> set[str]:
    """The words that the admin shows of a model, in English."""
    meta = model._meta  # noqa: SLF001 - Django's documented way to a model's names
    found = {str(meta.verbose_name), str(meta.verbose_name_plural)}
    for field in _fields(model):
        found |= {str(field.verbose_name), str(field.help_text)}
        found |= {str(label) for _value, label in field.flatchoices or ()}
    return found - {""}


def translate(site: AdminSite) -> None:
    """Once, when every model is registered. No migration changes: those are made from what a field was given."""
    for model in site._registry:  # noqa: SLF001 - the only list of what is registered
        meta = model._meta  # noqa: SLF001 - as above
        with override(None):
            # Without a name of its own the plural is a promise, but of the English name and an "s".
            plural = str(meta.verbose_name_plural)
        meta.verbose_name, meta.verbose_name_plural = _lazy(meta.verbose_name), gettext_lazy(plural)
        for field in _fields(model):
            field.verbose_name = _lazy(field.verbose_name)
            field.help_text = _lazy(field.help_text) if field.help_text else ""
            if field.choices:
                field.choices = [(value, _lazy(label)) for value, label in field.flatchoices]


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    meta = model._meta  # noqa: SLF001 - as above
    return [*meta.fields, *meta.many_to_many]


def _lazy(word: Any) -> Any:  # noqa: ANN401 - typed as a text by Django's stubs, a promise of one in fact
    return word if isinstance(word, Promise) else gettext_lazy(str(word))
