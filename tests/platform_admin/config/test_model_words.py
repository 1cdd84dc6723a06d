"""The admin's own pages in the language of who reads: nothing that is shown is missing, nothing listed is idle."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import override

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation

from platform_admin.config.model_words import NAMES
from platform_admin.config.translated_models import shown
from platform_admin.tenants.models import Tenant
from tests.platform_admin.isolation.table_rows import fill_empty_tables
from tests.platform_admin.sight.seeded import seed


def test_every_name_that_the_admin_shows_is_collected_and_no_other() -> None:
    with translation.override("en"):
        found = set[str]().union(*(shown(model) for model in admin.site._registry))
    assert sorted(found - set(NAMES)) == [], "add these to platform_admin/config/model_words.py, and their translation"
    assert sorted(set(NAMES) - found) == [], "nothing shows these any more"


class _Words(HTMLParser):
    """What a page says itself: no scripts, and nothing of what is stored in the rows that it shows."""

    STORED = frozenset({"script", "style", "textarea", "td", "pre", "option"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._inside: list[str] = []
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_symbol = "material-symbols-outlined" in (dict(attrs).get("class") or "")  # an icon, by its name
        if tag in self.STORED or is_symbol or self._inside:
            self._inside.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    @override
    def handle_data(self, data: str) -> None:
        if not self._inside and data.strip():
            self.said.append(" ".join(data.split()))


def _names(language: str) -> list[str]:
    """Of every app and model that has pages, one and many, in one order."""
    with translation.override(language):
        metas = [model._meta for model in admin.site._registry]
        labels = sorted({meta.app_label for meta in metas})
        return [
            *(str(apps.get_app_config(label).verbose_name) for label in labels),
            *(str(name) for meta in metas for name in (meta.verbose_name, meta.verbose_name_plural)),
        ]


def _pages(model: type[models.Model], first: models.Model | None) -> list[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    changed = [] if first is None else [reverse(f"{name}_change", args=[first.pk])]
    return [reverse(f"{name}_changelist"), *changed, reverse(f"{name}_add")]


def _english_on(page: str, *, row: models.Model | None) -> list[str]:
    """What a row calls itself, as the audit trail does as well, and the texts in it are data."""
    stored = [str(row), *(value for value in vars(row).values() if isinstance(value, str) and value)] if row else []
    foreign = {
        english
        for english, spanish in zip(_names("en"), _names("es"), strict=True)
        if english.casefold() != spanish.casefold()
    }
    wanted = re.compile(rf"\b({'|'.join(map(re.escape, sorted(foreign)))})\b", re.IGNORECASE)
    found = []
    for text in _Words(page).said:
        own = text.casefold()
        for part in stored:
            own = own.replace(part.casefold(), "")
        if wanted.search(own):
            found.append(text)
    return found


@pytest.mark.filterwarnings("ignore:Overriding get_action_choices")  # django-unfold's to change
def test_no_page_of_the_admin_calls_an_app_or_a_model_by_its_english_name_in_spanish(
    as_operator: Client, luna: Tenant
) -> None:
    seed(luna)
    fill_empty_tables(luna)
    found, seen = {}, 0
    for model in admin.site._registry:
        first = models.QuerySet(model).first()
        for address in _pages(model, first):
            answer = as_operator.get(address, headers={"Accept-Language": "es"})
            assert answer.status_code in {200, 403}, address
            seen += answer.status_code == 200
            if english := _english_on(answer.content.decode(), row=first):
                found[address] = english
    assert found == {}
    assert seen == 2 * len(admin.site._registry) + 6  # a list and a row of each, and the forms that make one


@pytest.mark.filterwarnings("ignore:Overriding get_action_choices")  # django-unfold's to change
def test_an_operator_who_reads_spanish_gets_lists_forms_and_menu_in_spanish(
    as_operator: Client,
    luna: Tenant,
) -> None:
    spanish = {"Accept-Language": "es"}
    listed = as_operator.get("/admin/tenants/tenant/", headers=spanish).content.decode()
    assert "Negocios" in listed
    assert "Zona horaria" in listed  # a column, from the name of a field
    assert "Suspendido" in listed  # a choice, in the filter
    assert "Claves de los bots" in listed  # the menu at the side
    assert "Timezone" not in listed
    added = as_operator.get("/admin/tenants/user/add/", headers=spanish).content.decode()
    assert "Dirección de correo electrónico" in added
