"""Copies in a bucket of an S3-compatible store. Keys and region come from the environment, as boto3 reads them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from platform_admin.fleet.backups.store import CopyName, StoreError

_CONFIG = Config(connect_timeout=10, read_timeout=60, retries={"max_attempts": 3, "mode": "standard"})


class S3Store:
    """``BackupStore`` in ``bucket`` below ``prefix``. ``endpoint`` is empty for Amazon's own.

    Raises ``StoreError`` for an endpoint that is no address.
    """

    def __init__(self, bucket: str, *, prefix: str = "", endpoint: str = "") -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        if endpoint and not endpoint.startswith(("https://", "http://")):
            raise StoreError(f"FLEET_BACKUPS_ENDPOINT is no address: {endpoint}. Write https://… in front.")
        self._client = boto3.client("s3", endpoint_url=endpoint or None, config=_CONFIG)

    def put(self, name: CopyName, file: Path) -> None:
        with self._refusals():
            self._client.upload_file(str(file), self._bucket, self._key(name))

    def fetch(self, name: CopyName, target: Path) -> None:
        with self._refusals():
            self._client.download_file(self._bucket, self._key(name), str(target))

    def copies(self, tenant: str) -> Sequence[CopyName]:
        return self._found(f"{self._prefix}{tenant}/")

    def everything(self) -> Sequence[CopyName]:
        return self._found(self._prefix)

    def _found(self, prefix: str) -> Sequence[CopyName]:
        with self._refusals():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            keys = [str(found["Key"]) for page in pages for found in page.get("Contents", [])]
        names = (CopyName.read(key.removeprefix(self._prefix)) for key in keys)
        return sorted(name for name in names if name is not None)

    def delete(self, name: CopyName) -> None:
        with self._refusals():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(name))

    def clear_unfinished(self, tenants: Collection[str], *, before: datetime) -> int:
        """Uploads in parts (boto3: of 8 MB and more) that began earlier: their parts are kept, and listed nowhere."""
        cleared = 0
        with self._refusals():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for begun in [begun for page in pages for begun in page.get("Uploads", [])]:
                name = CopyName.read(str(begun["Key"]).removeprefix(self._prefix))
                if name is not None and name.tenant in tenants and begun["Initiated"] < before:
                    cleared += self._abort(begun["Key"], begun["UploadId"])
        return cleared

    def _abort(self, key: str, upload: str) -> bool:
        """Whether it was there: another one may have ended it meanwhile."""
        try:
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload)
        except self._client.exceptions.NoSuchUpload:
            return False
        return True

    def _key(self, name: CopyName) -> str:
        return f"{self._prefix}{name}"

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError, OSError) as error:
            detail = " ".join(str(error).split())
            raise StoreError(f"The bucket {self._bucket} cannot be used: {detail}") from error
