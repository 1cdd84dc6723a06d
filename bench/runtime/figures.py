"""Every family of the runtime's figures, in the order in which they are measured. FAMILY=name measures one."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bench.figure import Figure
from bench.runtime import acknowledging, answering, core, due_work, growth, resting

FAMILIES = {
    "acknowledging": acknowledging.main,
    "answering": answering.main,
    "core": core.main,
    "due_work": due_work.main,
    "growth": growth.main,
    "resting": resting.main,
}


def main() -> Iterable[Figure]:
    wanted = os.environ.get("FAMILY")
    for name, measure in FAMILIES.items():
        if wanted in (None, "", name):
            yield from measure()
