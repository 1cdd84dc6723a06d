"""What the matrix walks: the addresses that a row is about, and the rows that are about an address."""

from __future__ import annotations

import fnmatch

from bench.control_plane.routes import Route, every_route
from tests.platform_admin.isolation.row import Row
from tests.platform_admin.isolation.rows import ROWS

__all__ = ["Route", "every_route", "routes_of", "rows_for"]


def rows_for(route: Route) -> list[Row]:
    return [row for row in ROWS if row.route == route.name or _fits(route.name, row.route)]


def _fits(name: str, pattern: str) -> bool:
    return "*" in pattern and fnmatch.fnmatchcase(name, pattern)


def routes_of(row: Row) -> list[Route]:
    return [route for route in every_route() if row in rows_for(route)]
