"""YAML written to break readers, and the specification's own examples: nothing raises, nothing is expanded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow_engine.language import read_flow, read_flow_bytes
from flow_engine.language.yaml_reader import read_yaml

CODES_OF_BOMBS = {
    "y1-billion-laughs": {"F004"},
    "y2-merge-key-multiplication": {"F004"},
    "y3-depth-2000": {"F008"},
    "y4-int-5000-digits": {"F011"},
    "y5-self-reference": {"F004"},
    "y6-duplicate-keys": {"F007"},
    "y7-implicit-types": {"F011"},
    "y8-python-tag": {"F005"},
    "y9-multi-document": {"F006"},
    "y10-bom-utf16": {"F001"},
}


def content(case: dict[str, Any]) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "repeat" in case:
        pairs = zip(case["repeat"][::2], case["repeat"][1::2], strict=True)
        return "".join(text * times for text, times in pairs).encode()
    return str(case["doc"]).encode()


@pytest.mark.parametrize("name", CODES_OF_BOMBS)
def test_a_bomb_is_refused_for_what_it_is(shared_data: Path, name: str) -> None:
    table = json.loads((shared_data / "security/derived/dos_and_poison.json").read_text(encoding="utf-8"))
    cases = {case["id"]: case for case in table["yaml"]}
    assert cases.keys() == CODES_OF_BOMBS.keys()

    reading = read_flow_bytes(content(cases[name]), file="bomb.yaml")

    of_yaml = {diagnostic.code for diagnostic in reading.diagnostics if diagnostic.code < "F020"}
    assert of_yaml == CODES_OF_BOMBS[name]
    assert reading.program is None


def test_tags_that_would_run_code_are_refused(shared_data: Path) -> None:
    text = (shared_data / "security/yaml/patt_pyyaml_unsafe_tags.yaml.txt").read_text(encoding="utf-8")
    documents = [part.strip() for part in text.split("---8<---") if "!!python" in part]

    assert documents
    for document in documents:
        reading = read_flow(document, file="tags.yaml")
        assert "F005" in {diagnostic.code for diagnostic in reading.diagnostics}
        assert reading.program is None


def test_the_examples_of_the_specification_are_read_or_refused(shared_data: Path) -> None:
    files = sorted((shared_data / "security/yaml/yaml-test-suite").glob("*.yaml"))
    assert len(files) == 351

    for file in files:
        text = file.read_text(encoding="utf-8")
        reading = read_yaml(text)
        assert reading.readable or reading.faults
        json.dumps(reading.value, allow_nan=False)


def test_naughty_strings_in_quotes_come_out_as_they_went_in_or_are_refused(shared_data: Path) -> None:
    strings: list[str] = json.loads((shared_data / "security/strings/blns.json").read_text(encoding="utf-8"))

    for string in strings:
        reading = read_yaml(f"a: {json.dumps(string)}\n")
        assert reading.value == {"a": string} or reading.faults
