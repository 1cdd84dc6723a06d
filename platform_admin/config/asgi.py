"""The application uvicorn serves: ``uvicorn platform_admin.config.asgi:application --port 8001``."""

from __future__ import annotations

import os
import sys
import warnings

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

from platform_admin.config.body_limit import BodyLimit
from platform_admin.config.environment import EXIT_CONFIGURATION, ConfigurationError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_admin.config.settings.base")

# Static files are a few kilobytes each; that Django reads one whole in a thread before sending it is what we want.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

try:
    django = get_asgi_application()
except ConfigurationError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(EXIT_CONFIGURATION)

# The front's module needs the apps that were loaded above.
application = BodyLimit(import_string(settings.ASGI_FRONT)(django))
