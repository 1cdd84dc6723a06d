"""Published attack strings against template languages: refused, or rendered as nothing but text."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest

from flow_engine.expressions import ExpressionError, compile_condition, compile_template
from flow_engine.expressions.limits import MAX_TEXT_CHARS
from flow_engine.expressions.tokens import CLOSING
from flow_engine.vocabulary import JSON

SCOPE: dict[str, JSON] = {"data": {"name": "Ana", "list": [1]}, "contact": {}, "business": {}}

CORPORA = {  # file: (attack strings, of which compile)
    "templates/patt_ssti_fuzz.txt": (107, 71),
    "templates/patt_ssti_jinja.txt": (65, 18),
}
EVALUATED = {  # Every attack string whose placeholder is an expression of the language: harmless sums and texts.
    "{{4*4}}[[5*5]]": "16[[5*5]]",
    "{{7*7}}": "49",
    "${{7*7}}": "$49",
    "{{7*'7'}}": "",
    "{{7*'7'}} would result in 7777777": " would result in 7777777",
    "{{ 7*7 }}  # Error with Django Templates": "49  # Error with Django Templates",
    "{{ '<script>alert(3)</script>' }}": "<script>alert(3)</script>",
}


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def compiled(texts: list[str]) -> dict[str, str]:
    rendered: dict[str, str] = {}
    for text in texts:
        with suppress(ExpressionError):
            rendered[text] = compile_template(text).render_text(SCOPE)
    return rendered


@pytest.mark.parametrize("name", CORPORA)
def test_no_attack_string_does_more_than_render_as_text(shared_data: Path, name: str) -> None:
    texts = lines(shared_data / "security" / name)

    rendered = compiled(texts)

    assert (len(texts), len(rendered)) == CORPORA[name]
    with_placeholders = {text: result for text, result in rendered.items() if "{{" in text}
    assert with_placeholders.items() <= EVALUATED.items()
    assert all(result == text for text, result in rendered.items() if "{{" not in text)


@pytest.mark.parametrize("name", CORPORA)
def test_no_attack_string_is_a_condition_that_reaches_anything(shared_data: Path, name: str) -> None:
    for text in lines(shared_data / "security" / name):
        bare = text.replace("{{", " ").replace(CLOSING, " ")
        with suppress(ExpressionError):
            assert compile_condition(bare).test(SCOPE) in (True, False)


def hostile_templates(shared_data: Path) -> dict[str, str]:
    table = json.loads((shared_data / "security/derived/dos_and_poison.json").read_text(encoding="utf-8"))
    return {case["id"]: case["tpl"] if "tpl" in case else unfold(case["repeat"]) for case in table["jinja"]}


def unfold(repeat: list[str | int]) -> str:
    pairs = zip(repeat[::2], repeat[1::2], strict=True)
    return "".join(str(text) * int(times) for text, times in pairs)


def test_no_costly_template_is_more_than_refused_or_plain_text(shared_data: Path) -> None:
    templates = hostile_templates(shared_data)

    rendered = compiled(list(templates.values()))

    assert len(templates) == 10
    assert {name for name, text in templates.items() if text in rendered} == {"t5-nested-loops"}
    assert all(len(result) <= MAX_TEXT_CHARS for result in rendered.values())


def test_naughty_strings_of_customers_come_out_as_they_went_in(shared_data: Path) -> None:
    strings: list[str] = json.loads((shared_data / "security/strings/blns.json").read_text(encoding="utf-8"))
    echo = compile_template("{{ data.said }}")

    assert len(strings) == 515
    for said in strings:
        assert echo.render({"data": {"said": said}}) == said
