"""What a start lets go of: the class that a frozen dataclass with slots was made from."""

from __future__ import annotations

import weakref
from dataclasses import FrozenInstanceError, dataclass

import pytest

from runtime.memory import drop_first_forms


def forms_of(name: str) -> list[type]:
    return [each for each in object.__subclasses__() if each.__qualname__ == name]


def test_of_a_frozen_class_with_slots_one_form_is_left_and_it_refuses_every_change() -> None:
    @dataclass(frozen=True, slots=True)
    class Bill:
        total: int

    assert len(forms_of(Bill.__qualname__)) == 2
    drop_first_forms()
    assert forms_of(Bill.__qualname__) == [Bill]
    for name in ("total", "tip"):
        with pytest.raises(FrozenInstanceError):
            setattr(Bill(1), name, 2)
        with pytest.raises(FrozenInstanceError):
            delattr(Bill(1), name)
    assert Bill(1) == Bill(1)


def test_a_class_that_others_are_built_on_keeps_its_own_guards() -> None:
    @dataclass(frozen=True)
    class Drink:
        size: int

    @dataclass(frozen=True)
    class Coffee(Drink):
        sugar: int

    drop_first_forms()
    with pytest.raises(FrozenInstanceError):
        setattr(Coffee(1, 2), "size", 3)  # noqa: B010 - what is refused by name is refused by mypy as well
    assert (Drink(1), Coffee(1, 2).sugar) == (Drink(1), 2)


class Lazy:
    """As Django's lazy objects and mocks are: whoever asks for its class makes it do its work."""

    asked = 0

    @property
    def __class__(self) -> type:  # what isinstance asks
        Lazy.asked += 1
        raise LookupError("nothing here to load")

    @__class__.setter
    def __class__(self, value: type) -> None: ...


def test_objects_that_answer_for_another_are_left_alone() -> None:
    gone = Lazy()
    kept = [Lazy(), weakref.proxy(gone)]
    del gone
    drop_first_forms()
    assert (len(kept), Lazy.asked) == (2, 0)
