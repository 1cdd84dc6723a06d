"""``python -m bench [AREA]``: run one area's measurements, or all, and print each figure as one line of JSON.

An area is a module ``bench/<area>.py`` with ``main() -> Iterable[Figure]``, or a package with that in ``figures``.
Only figures go to stdout; whatever an area prints goes to stderr.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure

NOT_AREAS = {"__init__", "__main__", "figure"}
USAGE_ERROR = 2


def areas() -> list[str]:
    here = Path(__file__).parent
    modules = {path.stem for path in here.glob("*.py")} - NOT_AREAS
    return sorted(modules | {path.parent.name for path in here.glob("*/figures.py")})


def measure(area: str) -> Iterator[Figure]:
    """Each figure as soon as it is there: what fails later takes none back."""
    module = f"bench.{area}" if (Path(__file__).parent / f"{area}.py").is_file() else f"bench.{area}.figures"
    with contextlib.redirect_stdout(sys.stderr):
        figures: Iterator[Figure] = iter(importlib.import_module(module).main())
    while True:
        with contextlib.redirect_stdout(sys.stderr):
            figure = next(figures, None)
        if figure is None:
            return
        yield figure


def main(arguments: list[str]) -> int:
    known = areas()
    unknown = [area for area in arguments if area not in known]
    if unknown:
        print(f"bench: no area {', '.join(unknown)}; there are: {', '.join(known) or 'none yet'}", file=sys.stderr)
        return USAGE_ERROR
    for area in arguments or known:
        for figure in measure(area):
            print(json.dumps(dataclasses.asdict(figure)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
