"""What rows with a secret under the platform's keys have in common, so that a rotation finds all of them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models


class Sealed(models.Model):
    """One secret in ``ciphertext``, bound to an owner and a field (``Vault.seal``)."""

    ciphertext = models.TextField(editable=False)

    class Meta:
        abstract = True

    @property
    def bound_to(self) -> tuple[str, str]:
        """The owner's name and the field that the ciphertext opens for."""
        raise NotImplementedError

    @classmethod
    def all_sealed(cls) -> models.QuerySet[Any]:
        """Every row, with what ``bound_to`` reads already joined."""
        raise NotImplementedError


def sealed_models() -> list[type[Sealed]]:
    """Every table with such rows, in the order of the apps."""
    return [model for model in apps.get_models() if issubclass(model, Sealed)]
