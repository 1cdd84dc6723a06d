"""Addresses of the pages about one tenant."""

from __future__ import annotations

from django.urls import path

from platform_admin.sight.pages.audit_trail import trail, trail_export
from platform_admin.sight.pages.conversations import conversation, conversations
from platform_admin.sight.pages.hand_offs import hand_offs
from platform_admin.sight.pages.health import health
from platform_admin.sight.pages.privacy import ask_export, download, erase, privacy
from platform_admin.sight.pages.questions import questions
from platform_admin.sight.pages.releases import release, releases
from platform_admin.sight.pages.said import said
from platform_admin.sight.pages.summary import summary
from platform_admin.sight.pages.work import work
from platform_admin.sight.verbs import do

app_name = "sight"

urlpatterns = [
    path("<str:slug>/", summary, name="summary"),
    path("<str:slug>/conversations/", conversations, name="conversations"),
    path("<str:slug>/conversations/<path:conversation_id>/", conversation, name="conversation"),
    path("<str:slug>/people-wanted/", hand_offs, name="hand_offs"),
    path("<str:slug>/unanswered/", questions, name="questions"),
    path("<str:slug>/waiting/", work, name="work"),
    path("<str:slug>/health/", health, name="health"),
    path("<str:slug>/releases/", releases, name="releases"),
    path("<str:slug>/releases/<int:serial>/", release, name="release"),
    path("<str:slug>/said/", said, name="said"),
    path("<str:slug>/trail/", trail, name="trail"),
    path("<str:slug>/trail/<str:form>/", trail_export, name="trail_export"),
    path("<str:slug>/privacy/", privacy, name="privacy"),
    path("<str:slug>/privacy/erase/", erase, name="erase"),
    path("<str:slug>/privacy/export/", ask_export, name="ask_export"),
    path("<str:slug>/privacy/export/<uuid:command_id>/", download, name="download"),
    path("<str:slug>/do/<str:verb>/", do, name="do"),
]
