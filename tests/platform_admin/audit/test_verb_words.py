"""The audit trail reads in the reader's language; what is kept of it does not change with it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from platform_admin.audit.verb_words import VERBS, verb_in_words
from platform_admin.commands.kinds import RULES
from platform_admin.tenants import audit
from platform_admin.tenants.models import Tenant
from tests.platform_admin.audit.test_before_and_after import recorded
from tests.platform_admin.business import COMMAND

WRITTEN_BY_VARIABLE = {"f'asked for {kind}'", "verb"}
LIFE_CYCLE = {"suspended tenant", "resumed tenant", "asked to delete tenant"}
"""What ``platform_admin.tenants.lifecycle`` passes on as its verb."""


def test_every_verb_that_is_written_has_words_and_no_other() -> None:
    asked = {f"asked for {kind}" for kind, rule in RULES.items() if rule.audited}
    written = {verb for verb, _ in recorded()} - WRITTEN_BY_VARIABLE
    assert written | asked | LIFE_CYCLE == VERBS


def test_all_of_them_are_translated() -> None:
    with override("es"):
        assert sorted(verb for verb in VERBS if verb_in_words(verb) == verb) == []


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:Overriding get_action_choices")  # django-unfold's to change
def test_the_page_shows_the_readers_words_and_the_export_the_kept_ones(luna: Tenant, as_operator: Client) -> None:
    audit.record(by=COMMAND, verb="rolled back", subject="release 2", tenant=luna)
    audit.record(by=COMMAND, verb="moved the moon", subject="release 2", tenant=luna)
    spanish = {"accept-language": "es"}
    page = as_operator.get(reverse("sight:trail", args=["luna"]), headers=spanish).content.decode()
    assert ">volvió a una versión anterior</span>: release 2" in page
    assert ">moved the moon</span>: release 2" in page
    searched = as_operator.get(reverse("sight:trail", args=["luna"]), {"what": "Volvió a"}, headers=spanish)
    assert searched.content.decode().count("release 2") == 1
    export = as_operator.get(reverse("sight:trail_export", args=["luna", "csv"]), headers=spanish).content.decode()
    assert "rolled back" in export
    assert "volvió" not in export
