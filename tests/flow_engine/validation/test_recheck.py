"""A document that is being typed is told the same as one that is looked at for the first time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from flow_engine.language.yaml_reader import read_yaml
from flow_engine.validation import RULES, Finding, check
from flow_engine.validation.frame import names_of
from flow_engine.validation.recheck import Recheck
from flow_engine.vocabulary import JSON, JSONObject

_FLOWS: Final = Path(__file__).parents[3] / "flows"
SHIPPED: Final[list[JSON]] = [
    *(read_yaml(rule.wrong).value for rule in RULES),
    *(read_yaml(path.read_text(encoding="utf-8")).value for path in sorted(_FLOWS.glob("*_flow.yaml"))),
]
BILINGUAL: Final[list[JSON]] = [
    {**document, "languages": ["es", "en"]} for document in SHIPPED if isinstance(document, dict)
]
"""The same as conversations in two languages, where wording is compared."""

DOCUMENTS: Final = [*SHIPPED, *BILINGUAL]

Place = tuple[str | int, ...]


def texts_of(value: JSON, path: Place = ()) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from texts_of(member, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts_of(item, (*path, index))


def written(document: JSON, path: Place, value: JSON) -> JSON:
    copy: JSON = json.loads(json.dumps(document))
    here = copy
    for part in path[:-1]:
        here = here[part]  # type: ignore[index] # texts_of has been there
    here[path[-1]] = value  # type: ignore[index] # as above
    return copy


def shared(document: JSON, path: Place, value: JSON) -> JSON:
    """As ``written``; what has not changed is the same object in both."""
    if not path:
        return value
    part, *rest = path
    copy: JSON = dict(document) if isinstance(document, dict) else list(document)  # type: ignore[arg-type] # one of the two
    copy[part] = shared(document[part], tuple(rest), value)  # type: ignore[index] # texts_of has been there
    return copy


def told(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(map(repr, findings))


@st.composite
def typing(draw: st.DrawFn) -> tuple[JSON, list[JSON]]:
    """A document, and what it becomes by a few texts that are typed into it, names and blanks among them."""
    document = draw(st.sampled_from(DOCUMENTS))
    words = sorted({text for _, text in texts_of(document)} | set(names_of(document)))  # type: ignore[arg-type] # a flow
    typed = st.one_of(
        st.sampled_from(words),
        st.text(alphabet="ab {}.|'\"é\n", max_size=12),
        st.just("Hello {{ data.name }} and {{ data.other | upper }} again"),
        st.just("x" * 30),
    )
    states = document.get("states") if isinstance(document, dict) else None
    shown = [("states", *path) for path, _ in texts_of(states)]
    follows: list[JSON] = []
    for _ in range(draw(st.integers(1, 4))):
        write = draw(st.sampled_from((written, shared)))
        document = write(document, draw(st.sampled_from(shown)), draw(typed))
        follows.append(document)
    return draw(st.sampled_from(DOCUMENTS)), follows


@given(typing())
def test_it_answers_what_a_first_look_would(case: tuple[JSON, list[JSON]]) -> None:
    before, follows = case
    recheck = Recheck()
    recheck.check(before)
    for document in follows:
        assert told(recheck.check(document)) == told(check(document))


def test_what_is_no_flow_is_told_as_such() -> None:
    broken: list[JSON] = [
        None,
        [],
        "states",
        {},
        {"states": []},
        {"states": {"A": 1}},
        {"states": {"A": {}, "B": None}},
    ]
    for document in broken:
        assert told(Recheck().check(document)) == told(check(document))


def test_a_step_that_has_not_changed_is_not_looked_at_again() -> None:
    document: JSONObject = json.loads(json.dumps(read_yaml(RULES[0].right).value))
    recheck = Recheck()
    recheck.check(document)
    known = dict(recheck._steps)
    changed = written(document, ("states", "MENU", "on_enter", 0, "text"), "Good morning.")
    recheck.check(changed)
    assert len(recheck._steps.keys() - known.keys()) == 1
    assert len(recheck._frames) == 1
