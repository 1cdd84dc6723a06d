"""Django's settings for every place this runs; what differs between places comes from the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.urls import reverse_lazy

from connectors.kernel.egress.policy import PUBLIC_ONLY
from platform_admin.config.build import version
from platform_admin.config.csp import POLICY
from platform_admin.config.databases import with_connection_rules
from platform_admin.config.environment import read_environment, with_env_file
from platform_admin.config.mailers import mailers_from
from platform_admin.config.theme import UNFOLD_THEME

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = read_environment(with_env_file(os.environ, root=ROOT), root=ROOT)

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.csrf_trusted_origins)

FERNET_KEYS = ENVIRONMENT.fernet_keys
SIGNING_KEY_FILE = ENVIRONMENT.signing_key_file
AUDIT_ANCHOR_FILE = ENVIRONMENT.audit_anchor_file
VERSION = version()
BUILD = ENVIRONMENT.build
# Where a probe may lead, with addresses that a tenant wrote: to the public internet and nowhere else.
PROBE_EGRESS = PUBLIC_ONLY
METRICS_TOKEN: str = ENVIRONMENT.metrics_token
WHATSAPP_APP_SECRETS = ENVIRONMENT.whatsapp_app_secrets
WHATSAPP_VERIFY_TOKEN = ENVIRONMENT.whatsapp_verify_token
GRAPH_BASE_URL = ENVIRONMENT.graph_base_url
# Links in mails start with this, never with what a request calls this server.
PUBLIC_URL = ENVIRONMENT.public_url
RUNTIME_PUBLIC_URL: str = ENVIRONMENT.runtime_public_url
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
SKIP_SECOND_FACTOR = ENVIRONMENT.skip_second_factor

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "platform_admin.config",
    "platform_admin.tenants",
    "platform_admin.commands",
    "platform_admin.jobs",
    "platform_admin.business",
    "platform_admin.credentials",
    "platform_admin.knowledge",
    "platform_admin.flows",
    "platform_admin.message_templates",
    "platform_admin.observability",
    "platform_admin.people",
    "platform_admin.releases",
    "platform_admin.audit",
    "platform_admin.privacy",
    "platform_admin.runtime_api",
    "platform_admin.sight",
    "platform_admin.connect",
    "platform_admin.whatsapp",
    "platform_admin.worker",
    "platform_admin.doctor",
    "platform_admin.authoring",
    "platform_admin.fleet",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "platform_admin.config.response_headers.ResponseHeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",  # outside of everything that may answer instead of a view
    "platform_admin.config.static_files.StaticFilesMiddleware",
    "platform_admin.config.page_methods.PageMethodsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "platform_admin.people.middleware.PersonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "platform_admin.config.urls"
ASGI_APPLICATION = "platform_admin.config.asgi.application"
ASGI_FRONT = "platform_admin.runtime_api.fast_lane.asgi.FastLane"  # in front of Django; by name, as it knows the apps

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "platform_admin" / "config" / "templates"],  # before the theme's own
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": with_connection_rules(ENVIRONMENT.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "tenants.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("people:sign_in")
LOGIN_REDIRECT_URL = reverse_lazy("authoring:landing")
SESSION_ENGINE = "platform_admin.people.session_engine"
SESSION_COOKIE_AGE = 24 * 60 * 60  # seconds, before anybody is signed in; `people.sessions` says how long after

LANGUAGE_CODE = "en"
# What the pages come in; a person's own choice is a cookie, else the browser's wish counts.
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [ROOT / "platform_admin" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
# After `collectstatic` files are served compressed under hashed names; before, straight from the packages.
_COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file()
# Names are hashed while files are collected; a storage that is chosen by their list would never write the first one.
_COLLECTING = sys.argv[1:2] == ["collectstatic"]
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_AUTOREFRESH = not _COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "platform_admin.config.hashed_files.HashedFiles"
        if _COLLECTED or _COLLECTING
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

MAILERS = mailers_from(ENVIRONMENT.email)

# Seconds. A year, as `check --deploy` and the browsers' preload lists ask for.
_HSTS_YEAR_S = 31_536_000
SECURE_SSL_REDIRECT = ENVIRONMENT.https_only
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked for by the machine itself, over plain HTTP
SECURE_HSTS_SECONDS = _HSTS_YEAR_S if ENVIRONMENT.https_only else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https_only
SECURE_HSTS_PRELOAD = ENVIRONMENT.https_only
# The prefix makes browsers refuse the cookie from a neighbouring host, or without "secure" (RFC 6265bis, 4.1.3.2).
SESSION_COOKIE_NAME = "__Host-sessionid" if ENVIRONMENT.https_only else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if ENVIRONMENT.https_only else "csrftoken"
SESSION_COOKIE_SECURE = ENVIRONMENT.https_only
CSRF_COOKIE_SECURE = ENVIRONMENT.https_only
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "platform_admin.config.error_pages.csrf_failure"
SESSION_COOKIE_SAMESITE = "Lax"  # "Strict" would sign people out who come by a link in a mail
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the admin's pop-up for a related row is a frame of the same site
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # asks for DENY; no other site can frame a page of ours
SECURE_CSP = POLICY

# Bytes of a form or an API body held in memory; a flow ends at 256 KiB and a knowledge document at 512 KiB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "platform_admin.config.api_errors.machine_readable",
    # Per runtime token. A runtime polls every few seconds; ten tenants' worth of polling means something runs wild.
    "DEFAULT_THROTTLE_RATES": {"runtime": "240/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Frontdesk runtime API",
    "DESCRIPTION": "What a control plane serves and a tenant's runtime calls.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",  # pydantic speaks JSON Schema 2020-12
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "platform_admin.runtime_api.description.add_long_poll",
    ],
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "platform_admin.config.log_masking.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"without_tokens": {"()": "platform_admin.config.log_redaction.WithoutTokens"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]},
    },
    "loggers": {
        "django.request": {"filters": ["without_tokens"]},
        "django.security.csrf": {"filters": ["without_tokens"]},
        # The server's own log of requests goes the same way: it writes addresses, too.
        "uvicorn.access": {"handlers": ["console"], "propagate": False},
        # Every request's address at INFO: the orchestrator asks the ingress every second, and the address at which Meta
        # checks a token holds it. What goes wrong is told by whoever asked.
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "WARNING"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}

UNFOLD = UNFOLD_THEME
