"""Plain JSON: the only kind of value that enters or leaves a connector."""

from __future__ import annotations

from collections.abc import Mapping

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None
"""A value that survives ``json.dumps`` and ``json.loads`` unchanged."""

type JSONObject = dict[str, JSON]
type ReadOnlyJSON = Mapping[str, JSON]
