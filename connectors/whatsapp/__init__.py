"""The WhatsApp Cloud API as both planes use it: the Graph client, its errors and its limits."""

from connectors.whatsapp.error_table import ERROR_CLASSES, ErrorAction, ErrorClass, classify, find_class
from connectors.whatsapp.errors import (
    AmbiguousSendError,
    ChannelBlockedError,
    GraphError,
    MessageRefusedError,
    NotSentError,
)
from connectors.whatsapp.graph_call import open_http_client
from connectors.whatsapp.graph_client import DEFAULT_BASE_URL, DEFAULT_VERSION, GraphClient
from connectors.whatsapp.graph_media import InboundFile

__all__ = [
    "DEFAULT_BASE_URL",
    "DEFAULT_VERSION",
    "ERROR_CLASSES",
    "AmbiguousSendError",
    "ChannelBlockedError",
    "ErrorAction",
    "ErrorClass",
    "GraphClient",
    "GraphError",
    "InboundFile",
    "MessageRefusedError",
    "NotSentError",
    "classify",
    "find_class",
    "open_http_client",
]
