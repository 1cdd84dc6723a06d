"""What a start has made stays for as long as the process: nobody need look through it again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import CellType

_GUARDS = ("__setattr__", "__delattr__")
"""What a frozen dataclass refuses changes with."""


def drop_first_forms() -> None:
    """Let go of the classes that dataclasses were made from.

    A dataclass with slots is a second class beside the one that was written. What a frozen one refuses changes with
    holds on to the first (CPython 3.13, ``dataclasses._frozen_get_del_attr``): three hundred classes that nobody uses.
    To be called when all is loaded, so that what the start makes takes their place.
    """
    for each in gc.get_objects():
        # Not isinstance: it asks any object for its __class__, and a lazy one then runs, a dead proxy raises.
        if issubclass(type(each), type) and "__slots__" in vars(each) and "__dataclass_params__" in vars(each):
            for cell in _cells_of_first_form(each):
                cell.cell_contents = each
    gc.collect()


def _cells_of_first_form(made: type) -> Iterator[CellType]:
    parameters = vars(made)["__dataclass_params__"]
    for name in _GUARDS:
        for cell in getattr(vars(made).get(name), "__closure__", None) or ():
            held = cell.cell_contents
            if issubclass(type(held), type) and vars(held).get("__dataclass_params__") is parameters:
                yield cell


def settle() -> None:
    """Keep what is there now out of later collections.

    A full collection walks through every object of every loaded module: the event loop stood still for it for some
    20 ms in the middle of the work. There is nothing to be found among them: a start leaves thirty objects behind.
    """
    gc.freeze()
