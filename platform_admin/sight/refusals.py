"""What the verbs refuse, told by the form that asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError

from platform_admin.errors import ControlPlaneError, HasFaultsError


@contextmanager
def refusals_in(form: forms.Form) -> Iterator[None]:
    """A refusal within ends the block and stands over ``form``, which is no longer valid.

    Around the transaction, not within it, so that what was begun is undone.
    """
    try:
        yield
    except HasFaultsError as error:
        for fault in error.faults:
            form.add_error(None, f"{fault.message} {fault.hint}".strip())
    except ControlPlaneError as error:
        form.add_error(None, error.message)
    except ValidationError as error:
        form.add_error(None, error)
