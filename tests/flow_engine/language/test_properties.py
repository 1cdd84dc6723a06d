"""Whatever stands in a file, reading it never raises, and what is accepted the runtime side loads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flow_engine.language import read_flow, read_flow_bytes
from flow_engine.program import ProgramSettings, load_program
from tests.flow_engine.language.case_files import read_document
from tests.flow_engine.untimed import UNTIMED

LINES = read_document("seven_actions.yaml").splitlines(keepends=True)
FRAGMENTS = st.sampled_from(
    [
        "- ",
        "a: ",
        "{{",
        "}}",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "!t ",
        "|\n",
        ">\n",
        "\n",
        "  ",
        "'",
        '"',
        "#",
        "---\n",
        "? ",
        "<<: ",
    ]
)


@UNTIMED
@given(st.lists(FRAGMENTS | st.text(max_size=5), max_size=30).map("".join))
def test_any_text_is_read_without_raising(text: str) -> None:
    reading = read_flow(text, file="any.yaml")

    assert reading.program is None
    assert not reading.ok


@UNTIMED
@given(st.binary(max_size=60))
def test_any_bytes_are_read_without_raising(content: bytes) -> None:
    assert read_flow_bytes(content, file="any.yaml").program is None


@UNTIMED
@given(st.data())
def test_a_flow_with_lines_lost_doubled_or_changed_is_refused_or_loads(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["lose", "double", "cut", "shift", "insert"]))
        line = lines[index]
        lines[index] = {
            "lose": "",
            "double": line + line,
            "cut": line[: len(line) // 2] + "\n",
            "shift": "  " + line,
            "insert": line.rstrip("\n") + data.draw(FRAGMENTS) + "\n",
        }[change]

    reading = read_flow("".join(lines), file="changed.yaml")

    if reading.program is not None:
        load_program(reading.program, ProgramSettings())
    else:
        assert not reading.ok
    assert all(1 <= diagnostic.line <= len("".join(lines).splitlines()) + 1 for diagnostic in reading.diagnostics)
