"""JSON as a person wants to read and edit it."""

from __future__ import annotations

import json
from typing import Any


class Indented(json.JSONEncoder):
    """For ``forms.JSONField(encoder=…)``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "indent": 2})
