from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from flow_engine.cli.main import VERSION, main

ROOT = Path(__file__).parents[3]
CLEAN = 'id: a\ninitial_state: A\nstates:\n  A:\n    on_enter: [{ action: send_text, text: "Hi" }]\n    fallback: A\n'
WARNED = CLEAN + "  B: { fallback: A }\n"
WRONG = CLEAN.replace("fallback: A", "fallback: NOWHERE")


def write(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_clean_flow_exits_0_and_prints_nothing_but_the_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, "a.yaml", CLEAN)

    assert main(["check", file]) == 0

    assert capsys.readouterr() == ("", f"{file}: 0 errors, 0 warnings\n")


def test_warnings_exit_0_and_with_strict_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "a.yaml", WARNED)
    said = (
        f"{file}:4:3 F125 No way leads out of the state 'A'. Add a transition, a fallback or a global transition.\n"
        f"{file}:7:3 F120 No way leads to the state 'B'. Lead a transition there, or delete it.\n"
        f"{file}:7:3 F126 The state 'B' says nothing. Add a send_ action to its on_enter.\n"
    )

    assert main(["check", file]) == 0
    assert capsys.readouterr() == (said, f"{file}: 0 errors, 3 warnings\n")
    assert main(["check", "--strict", file]) == 1
    assert capsys.readouterr() == (said, f"{file}: 0 errors, 3 warnings\n")


def test_an_error_exits_1_and_the_other_files_are_checked_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, clean = write(tmp_path, "wrong.yaml", WRONG), write(tmp_path, "clean.yaml", CLEAN)

    assert main(["check", wrong, clean]) == 1

    out, err = capsys.readouterr()
    assert out == f"{wrong}:6:15 F101 There is no state 'NOWHERE'. Known are A.\n"
    assert err == f"{wrong}: 1 error, 0 warnings\n{clean}: 0 errors, 0 warnings\n"


def test_json_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "wrong.yaml", WRONG)

    assert main(["check", "--json", file]) == 1

    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "ok": False,
        "diagnostics": [
            {
                "code": "F101",
                "severity": "error",
                "message": "There is no state 'NOWHERE'.",
                "hint": "Known are A.",
                "file": file,
                "line": 6,
                "column": 15,
            }
        ],
    }
    assert err == ""


def test_a_file_that_is_not_there_exits_2_and_the_others_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, wrong = str(tmp_path / "missing.yaml"), write(tmp_path, "wrong.yaml", WRONG)

    assert main(["check", missing, wrong]) == 2

    out, err = capsys.readouterr()
    assert out.startswith(f"{wrong}:6:15 F101 ")
    assert err.startswith(f"{missing}: cannot be read: No such file or directory. Check the name.\n")


def test_a_folder_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: cannot be read: Is a directory. Check the name.\n"


def test_another_encoding_is_a_fault_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("id: peluquería\n".encode("latin-1"))

    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().out == f"{file}:1:13 F001 Byte 0xed is not UTF-8. Save the file as UTF-8.\n"


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "FlowDocument"


@pytest.mark.parametrize("arguments", [[], ["check"], ["nonsense"], ["check", "--nonsense", "a.yaml"]])
def test_a_command_line_not_understood_exits_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main(arguments)

    assert exited.value.code == 2


def test_the_version_is_that_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_python_runs_the_package_and_the_shipped_flows_are_clean_even_strictly() -> None:
    flows = sorted(str(file) for file in (ROOT / "flows").glob("*.yaml"))
    assert flows

    command = [sys.executable, "-m", "flow_engine", "check", "--strict", *flows]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (0, "")


def test_python_prints_version_and_help() -> None:
    for option, begins in (("--version", "flow_engine "), ("--help", "usage: python -m flow_engine ")):
        command = [sys.executable, "-m", "flow_engine", option]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert result.returncode == 0
        assert result.stdout.startswith(begins)
