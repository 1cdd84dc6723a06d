"""The app hears of the account's messages. Without it the dashboard's test arrives and no customer's message does."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from connectors.whatsapp.management_client import Answer
from platform_admin.whatsapp.checks.check import Connection
from platform_admin.whatsapp.checks.finding import Finding


def subscription(connection: Connection) -> Finding:
    if not connection.waba_id:
        return Finding.fault(_("The account is not known; see above."))
    app_id = connection.graph.inspect_token().get("app_id")
    apps = list(connection.graph.items(f"{connection.waba_id}/subscribed_apps", {}))
    if app_id not in {_id_of(app) for app in apps}:
        return Finding.fault(
            _("The app %(app)s is not subscribed to the account %(account)s."),
            app=str(app_id),
            account=connection.waba_id,
        )
    return Finding.good(_("The app %(app)s is subscribed."), app=str(app_id))


def subscribe(connection: Connection) -> None:
    if connection.waba_id:
        connection.graph.post(f"{connection.waba_id}/subscribed_apps", {})


def _id_of(app: Answer) -> object:
    facts = app.get("whatsapp_business_api_data")
    return facts.get("id") if isinstance(facts, dict) else None
