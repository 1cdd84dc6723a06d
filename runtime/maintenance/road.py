"""A stopped tenant's copy to the control plane and back, by the settings that its runtime serves with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flow_engine.vocabulary import JSONObject
from runtime.errors import ConfigurationError, StoreError, StoreInUseError
from runtime.maintenance.erasure_list import FILE_NAME
from runtime.maintenance.live import offline
from runtime.maintenance.restore import restore
from runtime.maintenance.travelling_copy import add_erasures, pack, unpack, work_folder
from runtime.store.sqlite.state_store import STATE_FILE

if TYPE_CHECKING:
    from runtime.control_plane.copies import CopyRoad


def hand_over(folder: Path, ticket: str, environment: Mapping[str, str]) -> JSONObject:
    """Send a copy of the state in ``folder``. Blocking.

    Raises:
        StoreInUseError: the tenant runs; its control plane asks it by itself.
        StoreError: there is no state, or it is damaged.
        ConfigurationError: the environment is not that of a runtime.
        ControlPlaneError: the copy was not taken.
    """
    file = folder / STATE_FILE
    if not file.is_file():
        raise StoreError(f"there is no state in {folder}")
    with offline(file) as alone:
        if not alone:
            raise StoreInUseError(f"{file} is in use")
        with work_folder(folder) as work:
            packed, made = pack(folder, work)
            _over_the_road(environment, lambda road: road.hand_over(ticket, packed))
    return {"bytes": made.size, "sha256": made.sha256, "media_files": made.media, "handed_over": True}


def fetch_and_restore(folder: Path, ticket: str, environment: Mapping[str, str], *, at: datetime) -> JSONObject:
    """Put the copy of ``ticket`` in the place of the state in ``folder``, whose list of erasures it adds to. Blocking.

    Raises:
        StoreInUseError: the tenant runs.
        StoreError: what came is no copy of this tenant's state that this version can read.
        ConfigurationError: the environment is not that of a runtime.
        ControlPlaneError: there is no such copy, or it did not come whole.
    """
    file = folder / STATE_FILE
    with offline(file) as alone:
        if not alone:
            raise StoreInUseError(f"{file} is in use")
    with work_folder(folder) as work:
        packed = work / "copy.tar.gz"
        _over_the_road(environment, lambda road: road.fetch(ticket, packed))
        copy = unpack(packed)
        packed.unlink()
        add_erasures(copy.with_name(FILE_NAME), folder / FILE_NAME)
        return restore(copy, file, at=at, tenant=environment.get("TENANT_ID", "").strip() or None).to_json()


def _over_the_road(environment: Mapping[str, str], go: Callable[[CopyRoad], Awaitable[None]]) -> None:
    # The HTTP stack and what else serving needs: a copy to a file does without.
    from runtime.control_plane.connection import ControlPlaneConnection  # noqa: PLC0415 - see above
    from runtime.control_plane.copies import CopyRoad  # noqa: PLC0415 - see above
    from runtime.settings import ControlPlane, Settings  # noqa: PLC0415 - see above

    source = Settings.from_environment(environment).source
    if not isinstance(source, ControlPlane):
        raise ConfigurationError(["a ticket is for a tenant with a control plane; TENANT_CONFIG_PATH is set"])

    async def there_and_back() -> None:
        connection = ControlPlaneConnection(source.url, source.tenant_id, source.runtime_token_file)
        try:
            await go(CopyRoad(connection))
        finally:
            await connection.close()

    asyncio.run(there_and_back())
