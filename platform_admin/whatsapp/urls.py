"""Where Meta delivers to the platform itself."""

from __future__ import annotations

from django.urls import path

from platform_admin.whatsapp.webhook import AppWebhook

urlpatterns = [path("whatsapp", AppWebhook.as_view(), name="whatsapp_app_webhook")]
