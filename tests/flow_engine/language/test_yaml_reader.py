from __future__ import annotations

from typing import Any

import pytest

from flow_engine.language.yaml_reader import decode, read_yaml
from flow_engine.language.yaml_reader.fault import ReadingFault
from flow_engine.language.yaml_reader.limits import MAX_BYTES, MAX_DEPTH, MAX_FAULTS, MAX_NODES
from tests.flow_engine.language.case_files import read_cases

TABLE = read_cases("yaml_texts.yaml")


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in TABLE["values"].items()])
def test_a_text_becomes_this_value(case: dict[str, Any]) -> None:
    reading = read_yaml(case["text"])

    assert reading.faults == ()
    assert reading.value == case["value"]
    assert repr(reading.value) == repr(case["value"]), "the kinds differ: true is not 1, 1.0 is not 1"


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in TABLE["refused"].items()])
def test_a_text_is_refused_at_this_place(case: dict[str, Any]) -> None:
    faults = read_yaml(case["text"]).faults

    assert [f"{fault.code} {fault.position.line}:{fault.position.column}" for fault in faults] == [case["at"]]


@pytest.mark.parametrize("code_point", [0xD800, 0xDFFF])
def test_a_lone_surrogate_in_the_text_is_refused(code_point: int) -> None:
    (fault,) = read_yaml(f"a: 1\nb: {chr(code_point)}").faults

    assert (fault.code, fault.position.line, fault.position.column) == ("F001", 2, 4)


def test_the_largest_file_is_read_and_one_byte_more_is_not() -> None:
    text = "a: " + "x" * (MAX_BYTES - 3)
    assert read_yaml(text).faults == ()

    (fault,) = read_yaml(text + "x").faults

    assert fault.code == "F002"
    assert fault.message == "The file has 1,000,001 bytes; at most 1,000,000 are read."


def test_the_size_counts_bytes_not_characters() -> None:
    assert read_yaml("a: " + "ñ" * (MAX_BYTES // 2)).faults[0].code == "F002"


def test_the_deepest_nesting_is_read_and_one_more_is_not() -> None:
    assert read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH).faults == ()

    (fault,) = read_yaml("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).faults

    assert (fault.code, fault.position.column) == ("F008", MAX_DEPTH + 1)


def test_as_many_values_as_allowed_are_read_and_one_more_is_not() -> None:
    items = ",".join("1" for _ in range(MAX_NODES - 1))
    assert read_yaml(f"[{items}]").faults == ()

    (fault,) = read_yaml(f"[{items},1]").faults

    assert fault.code == "F009"


def test_reading_stops_after_a_hundred_faults() -> None:
    reading = read_yaml("\n".join("- *x" for _ in range(MAX_FAULTS * 2)))

    assert len(reading.faults) == MAX_FAULTS
    assert not reading.readable


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_another_encoding_is_named_or_located(encoding: str) -> None:
    decoded = decode("a: ñandú\n".encode(encoding))

    if isinstance(decoded, str):  # UTF-16 without a mark is valid UTF-8 full of NUL.
        decoded = read_yaml(decoded).faults[0]
    assert decoded.code == "F001"


def test_a_byte_order_mark_of_utf8_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfa: 1") == "a: 1"


def test_a_wrong_byte_is_located() -> None:
    fault = decode(b"a: 1\nb: \xff")

    assert isinstance(fault, ReadingFault)
    assert (fault.message, fault.position.line, fault.position.column) == ("Byte 0xff is not UTF-8.", 2, 4)
