"""A report becomes rows. One module per kind of row; ``take_in`` is the only way in, in one transaction."""

from __future__ import annotations

from platform_admin.observability.taking_in.report import Taken, is_quiet, sighting_columns, take_in

__all__ = ["Taken", "is_quiet", "sighting_columns", "take_in"]
