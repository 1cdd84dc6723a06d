"""No command of the system goes through a shell: what somebody sent is an argument, never a line of commands."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.test_house_rules import ROOT, tracked_files

BY_SHELL = {
    *("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("asyncio.create_subprocess_shell", "loop.subprocess_shell", "pty.spawn"),
}


def shells(source: str) -> list[int]:
    """Lines of calls that a shell would read."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call.lineno
        for call in calls
        if ast.unparse(call.func) in BY_SHELL
        or any(key.arg == "shell" and ast.unparse(key.value) != "False" for key in call.keywords)
    ]


def test_nothing_is_run_by_a_shell() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in tracked_files()
        if path.suffix == ".py"
        for line in shells(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        pytest.param("subprocess.run('ls ' + name, shell=True)", [1], id="a shell that is asked for"),
        pytest.param("\nrun(line, shell=maybe)", [2], id="a shell that may be asked for"),
        pytest.param("os.system(line)", [1], id="a function that has no other way"),
        pytest.param("await asyncio.create_subprocess_shell(line)", [1], id="its twin that is awaited"),
        pytest.param("subprocess.run(['ls', name], shell=False)", [], id="arguments in a list"),
    ],
)
def test_the_search_knows_a_shell_when_it_sees_one(source: str, lines: list[int]) -> None:
    assert shells(source) == lines
