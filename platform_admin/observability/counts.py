"""What was counted, rolled up on arrival: by hour for the near past, by the tenant's own day for the long run."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.db import models

from platform_admin.tenants.scoping import TenantOwned

LONGEST_LABELS = 500
LONGEST_NAME = 40


def labels_key(labels: Mapping[str, str]) -> str:
    """Labels as one text, the same for the same labels, to be unique by."""
    return json.dumps(dict(sorted(labels.items())), ensure_ascii=False, separators=(",", ":"))


class HourlyCount(TenantOwned):
    """How often something happened in one hour (UTC)."""

    hour = models.DateTimeField()
    name = models.CharField(max_length=LONGEST_NAME)
    labels = models.CharField(max_length=LONGEST_LABELS, default="{}")
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            # In this order it is also the index that every chart of one tenant reads.
            models.UniqueConstraint(fields=["tenant", "name", "hour", "labels"], name="one_count_per_hour"),
        ]
        indexes = [
            models.Index(fields=["hour", "name"], name="hourly_count_by_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.labels} {self.hour:%Y-%m-%d %H}h"


class DailyCount(TenantOwned):
    """How often something happened on one day of the tenant's own calendar."""

    day = models.DateField()
    name = models.CharField(max_length=LONGEST_NAME)
    labels = models.CharField(max_length=LONGEST_LABELS, default="{}")
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name", "day", "labels"], name="one_count_per_day"),
        ]
        indexes = [
            models.Index(fields=["day", "name"], name="daily_count_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.labels} {self.day}"
