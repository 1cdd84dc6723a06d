"""An S3 server with one bucket in it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import boto3
import httpx2
import pytest
from moto.server import ThreadedMotoServer

BUCKET = "frontdesk-copies"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """Its address."""
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-1"}
    before = {name: os.environ.get(name) for name in credentials}
    os.environ.update(credentials)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    httpx2.post(f"{address}/moto-api/reset").raise_for_status()  # its buckets outlive a server of the same process
    boto3.client("s3", endpoint_url=address).create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    yield address
    server.stop()
    for name, value in before.items():
        os.environ.pop(name)
        if value is not None:
            os.environ[name] = value
