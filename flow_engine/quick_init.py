"""Frozen classes that are made as fast as others."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any


def quick_init[T](cls: type[T]) -> type[T]:
    """Have a frozen dataclass kept by the type checker alone, for values that every step makes.

    A frozen dataclass sets each field through ``object.__setattr__``, because its own refuses. Without that guard, and
    without slots, CPython makes an object in one specialised instruction (measured on 3.13: 2.6 µs against 0.3 for
    twenty fields, 0.40 against 0.10 for three), as long as all its fields are given. Who assigns to a field is found by
    mypy, which reads the decorator below this one.
    """
    own = fields(cls)  # type: ignore[arg-type]  # the decorator below this one makes it a dataclass
    names: dict[str, Any] = {"absent": MISSING}
    parameters, lines = ["self"], []
    for field in own:
        name, value = field.name, field.name
        if field.default is not MISSING:
            names[f"default_{name}"] = field.default
            parameters.append(f"{name}=default_{name}")
        elif field.default_factory is not MISSING:
            names[f"new_{name}"] = field.default_factory
            parameters.append(f"{name}=absent")
            value = f"new_{name}() if {name} is absent else {name}"
        else:
            parameters.append(name)
        lines.append(f"self.{name} = {value}")
    body = "\n    ".join(lines)
    exec(f"def __init__({', '.join(parameters)}):\n    {body}", names)  # noqa: S102  # names of the class's own fields, as dataclasses itself does
    made = names["__init__"]
    made.__annotations__ = cls.__init__.__annotations__
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = made  # type: ignore[method-assign]  # the same parameters
    del cls.__setattr__, cls.__delattr__
    return cls
