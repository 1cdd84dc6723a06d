from __future__ import annotations

from typing import Any

import pytest

from flow_engine.expressions import compile_template, compile_value, locale_for
from tests.flow_engine.expressions.case_files import read_cases

TABLE = read_cases("templates.yaml")
SCOPE = TABLE["scope"]


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in TABLE["cases"].items()])
def test_template(case: dict[str, Any]) -> None:
    template = compile_template(case["text"], locale_for(**case.get("locale", TABLE["locale"])))

    value = template.render(SCOPE)

    assert value == case["value"]
    assert type(value) is type(case["value"])


def test_render_text_of_a_lone_placeholder_is_text() -> None:
    assert compile_template("{{ data.party }}").render_text(SCOPE) == "4"


def test_a_value_renders_every_text_inside_it_and_leaves_the_rest() -> None:
    value = compile_value(
        {"to": "{{ data.name }}", "n": 1, "list": ["{{ data.party }}", None, {"deep": "x{{ data.zero }}"}]}
    )

    assert value.render(SCOPE) == {"to": "Ana", "n": 1, "list": [4, None, {"deep": "x0"}]}


def test_an_unknown_zone_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="unknown time zone 'Mars/Olympus'"):
        locale_for("es", "Mars/Olympus")
