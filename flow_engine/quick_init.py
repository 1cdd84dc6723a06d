"""Frozen classes that are filled as fast as others."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, Final

_BECOME: Final = object.__dict__["__class__"].__set__


def quick_init[T](cls: type[T]) -> type[T]:
    """Give a frozen dataclass with slots an ``__init__`` that does the same in less time. Worth it from three fields.

    The dataclass's own sets every field through ``object.__setattr__``. This one fills the object while it is of a
    twin class with the same slots that is not frozen, as CPython allows for classes of equal layout (measured on 3.13:
    2.6 µs against 0.5 for twenty fields, 0.40 against 0.24 for three).
    """
    own = fields(cls)  # type: ignore[arg-type]  # the decorator below this one makes it a dataclass
    twin = type(f"_Unfrozen{cls.__name__}", (), {"__slots__": tuple(field.name for field in own)})
    names: dict[str, Any] = {"become": _BECOME, "twin": twin, "frozen": cls, "absent": MISSING}
    parameters, lines = ["self"], ["become(self, twin)"]
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
    lines.append("self.__class__ = frozen")
    body = "\n    ".join(lines)
    exec(f"def __init__({', '.join(parameters)}):\n    {body}", names)  # noqa: S102  # names of the class's own fields, as dataclasses itself does
    made = names["__init__"]
    made.__annotations__ = cls.__init__.__annotations__
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = made  # type: ignore[method-assign]  # the same parameters
    return cls
