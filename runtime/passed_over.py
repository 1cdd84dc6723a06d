"""``passed_over``: import a library without that one of its modules which nothing here uses.

Uvicorn imports its command line with itself (click, reloaders, worker processes), APScheduler its pools of threads and
processes (``multiprocessing``). A tenant at rest kept 1.8 MB of both, and nothing of it ever ran.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType


@contextlib.contextmanager
def passed_over(module: str) -> Iterator[None]:
    """Who imports a name from ``module`` inside of the block gets a function that loads it when it is called.

    Afterwards the module can be imported like any other. One that is loaded already stays.
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = _Absent(module)
    try:
        yield
    finally:
        del sys.modules[module]


class _Absent(ModuleType):
    """In the place of a module that is passed over."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        if name.startswith("__"):
            raise AttributeError(name)
        module = self.__name__

        def loaded_when_called(*arguments: object, **named: object) -> object:
            called: Callable[..., object] = getattr(importlib.import_module(module), name)
            return called(*arguments, **named)

        return loaded_when_called
