"""Reads what a flow is checked against from the files that the command line names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flow_engine.errors import SurroundingsError
from flow_engine.validation.approved_templates import read_templates
from flow_engine.validation.catalog import read_catalog
from flow_engine.validation.surroundings import Surroundings, surroundings


def read_surroundings(*, catalog: Path | None, channel: str, templates: Path | None) -> Surroundings:
    """Raises SurroundingsError with the name of the file that cannot be used."""
    return surroundings(
        catalog=None if catalog is None else _read(catalog, read_catalog),
        channel=channel,
        templates=None if templates is None else _read(templates, read_templates),
    )


def _read[T](file: Path, reader: Callable[[str], T]) -> T:
    try:
        return reader(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SurroundingsError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SurroundingsError(f"{file} is not UTF-8") from error
    except SurroundingsError as error:
        raise SurroundingsError(f"{file}: {error}") from error
