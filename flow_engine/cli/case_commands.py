"""The options of ``test``, ``chat``, ``record`` and ``graph``."""

from __future__ import annotations

import argparse
from pathlib import Path

from flow_engine.cli.exit_status import ExitStatus
from flow_engine.cli.run_cases import RunOptions, run_cases

type Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # argparse has no public name for it


def add_test(commands: Commands) -> None:
    test = commands.add_parser(
        "test",
        help="run the cases of flows",
        description="Run cases: files, or folders with cases/*.yaml below them. Exit 0: all pass; 1: one fails, or "
        "less is walked than asked for; 2: a file cannot be used.",
    )
    test.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a case, or a folder")
    test.add_argument("--coverage", action="store_true", help="show which states and transitions no case walks")
    test.add_argument("--fail-states", type=float, metavar="PERCENT", help="the least part of states to be walked")
    test.add_argument("--fail-transitions", type=float, metavar="PERCENT", help="the same of transitions")
    test.add_argument("--update", action="store_true", help="make what the bot says now what the cases expect")
    test.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML")
    test.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    test.set_defaults(run=_test)


def _test(options: argparse.Namespace) -> ExitStatus:
    return run_cases(
        RunOptions(
            paths=tuple(options.paths),
            coverage=options.coverage,
            fail_states=options.fail_states,
            fail_transitions=options.fail_transitions,
            update=options.update,
            junit=options.junit,
            json=options.json,
        )
    )
