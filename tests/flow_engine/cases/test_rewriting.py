"""Putting values into a file and writing whole files: what people wrote stays, and what is written reads back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.cases.rewriting import rewrite
from flow_engine.cases.writing import write_document
from flow_engine.language.yaml_reader import read_yaml
from flow_engine.vocabulary import JSON
from tests.flow_engine.cases.case_files import read_table

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=40) | st.sampled_from(
    ["a\nb", "- a\n- b", " a\nb", "a\n\nb", "a\n", "null", "12:30", "a: b", "# a", "\ta", "&a", "*a", "!a", "|", "'"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS.filter(lambda key: key != "<<"), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("row", read_table("rewrites.yaml"))
def test_a_value_is_put_in_its_place(row: dict[str, Any]) -> None:
    assert rewrite(row["before"], tuple(row["path"]), row["value"]) == row["after"]


@given(VALUES)
def test_a_written_document_reads_back(value: JSON) -> None:
    reading = read_yaml(write_document({"value": value, "after": 1}))

    assert reading.faults == ()
    assert reading.value == {"value": value, "after": 1}


@given(VALUES)
def test_a_rewritten_value_reads_back_and_leaves_its_neighbours(value: JSON) -> None:
    text = "steps:\n  - say: hi # hello\n    bot: [a]\n    state: B\nlast: 1\n"

    reading = read_yaml(rewrite(text, ("steps", 0, "bot"), value) or "")

    assert reading.faults == ()
    assert reading.value == {"steps": [{"say": "hi", "bot": value, "state": "B"}], "last": 1}
