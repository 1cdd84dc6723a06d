"""Everything people read comes in both languages: nothing untranslated, nothing forgotten, nothing stale."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from flow_engine.vocabulary import JSON
from platform_admin import errors
from platform_admin.business.reading import check_business

PACKAGE = Path(__file__).parents[3] / "platform_admin"
TRANSLATED = [code for code, _ in settings.LANGUAGES if code != "en"]
FUNCTIONS = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "_"}
CALL = re.compile(r"""\b(?:gettext|ngettext|pgettext|npgettext|_)\((u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))""")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"))


def said_in_python() -> Iterator[str]:
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS and node.args:
                position = 1 if getattr(node.func, "id", "").startswith("pgettext") else 0
                argument = node.args[position]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def said_in_templates() -> Iterator[str]:
    for file in PACKAGE.rglob("templates/**/*.html"):
        for found in CALL.finditer(templatize(file.read_text(), origin=str(file))):
            yield str(ast.literal_eval(found[1].removeprefix("u")))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_has_its_translation(language: str) -> None:
    entries = catalogue(language)
    assert [entry.msgid for entry in entries if entry.fuzzy or not entry.translated()] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_in_the_code_and_the_templates_is_in_the_catalogue(language: str) -> None:
    known = {entry.msgid for entry in catalogue(language)}
    assert {*said_in_python(), *said_in_templates()} - known == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    compiled = polib.mofile(str(PACKAGE / "locale" / language / "LC_MESSAGES" / "django.mo"))
    written = {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in catalogue(language)}
    assert {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in compiled} == written


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_the_same_blanks(language: str) -> None:
    blank = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    for entry in catalogue(language):
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            if text and not entry.msgid_plural:
                assert sorted(blank.findall(text)) == sorted(blank.findall(entry.msgid)), entry.msgid


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_plural_has_every_form_that_the_language_has(language: str) -> None:
    """gettext falls back to English for a form that is missing, and says nothing."""
    entries = catalogue(language)
    forms = re.match(r"nplurals=(\d+);", entries.metadata["Plural-Forms"])
    assert forms is not None
    wanted = set(range(int(forms[1])))
    missing = [entry.msgid for entry in entries if entry.msgid_plural and set(entry.msgstr_plural) != wanted]
    assert missing == []


REFUSALS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.ControlPlaneError)
} - {
    "ImmutableError",  # a mistake in the program, like the next one: nobody but its writers reads them
    "UnscopedQueryError",
    "KeyMaterialError",  # what an operator reads in a terminal or a log
    "HasFaultsError",  # these take no words
    "EditConflictError",
    "TooManyAttemptsError",
}
BY_COMMANDS_ALONE = ("management", "config", "fleet")


def refusals_in_one_language() -> Iterator[str]:
    for file in sorted(PACKAGE.rglob("*.py")):
        if set(BY_COMMANDS_ALONE) & set(file.relative_to(PACKAGE).parts):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS and node.args):
                continue
            if isinstance(node.args[0], ast.JoinedStr | ast.Constant):
                yield f"{file.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node.args[0])}"


def test_a_refusal_is_said_in_the_language_of_who_reads_it() -> None:
    assert list(refusals_in_one_language()) == []


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ({"services": [{"id": "cut", "minutes": 30}]}, "Falta services.0.name."),
        ({"staff": [{"id": "eva", "name": "Eva", "age": 40}]}, "staff.0.age no se conoce aquí."),
        ({"name": ["Luna"]}, "name debe ser un texto."),
        ({"name": "Luna", "hours": {"mon": ["18:00-10:00"]}}, "18:00-10:00 termina antes de empezar."),
    ],
)
def test_faults_of_a_document_are_said_in_the_language_of_who_reads_them(value: JSON, fault: str) -> None:
    with translation.override("es"):
        assert [found.message for found in check_business(value).faults] == [fault]
