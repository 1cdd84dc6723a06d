"""Addresses of signing in, one's own account, and the people of a business. Each page's module lists what it does."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from platform_admin.people.pages import account, invitation, password, second_factor, sign_in, team, tokens

app_name = "people"
_SAFE = ["get", "head", "options"]
"""Of what only leads elsewhere."""

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("forgotten/", password.forgotten, name="forgotten"),
    path("new-password/", password.new_password, name="new_password"),
    path("new-password/<str:token>/", password.new_password_link, name="new_password_link"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/", invitation.invitation_link, name="invitation_link"),
    path("new-address/", account.new_address, name="new_address"),
    path("new-address/<str:token>/", account.new_address_link, name="new_address_link"),
    # One way in, one way out, one place for a password: the admin's own addresses lead there.
    path(
        "admin/login/",
        RedirectView.as_view(pattern_name="people:sign_in", query_string=True, http_method_names=_SAFE),
        name="admin_sign_in",
    ),
    path("admin/logout/", sign_in.sign_out, name="admin_sign_out"),
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="people:password", http_method_names=_SAFE),
        name="admin_password",
    ),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/address/", account.address, name="address"),
    path("account/sessions/end-others/", account.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<str:handle>/end/", account.end_session, name="end_session"),
    path("account/second-step/", second_factor.second_factor, name="second_factor"),
    path("account/second-step/set-up/", second_factor.set_up, name="second_factor_set_up"),
    path("account/second-step/codes/", second_factor.new_codes, name="new_codes"),
    path("account/second-step/remove/", second_factor.turn_off, name="second_factor_off"),
    path("team/<slug:slug>/", team.team, name="team"),
    path("team/<slug:slug>/invite/", team.invite, name="invite"),
    path("team/<slug:slug>/invitations/<int:pk>/send-again/", team.send_again, name="send_again"),
    path("team/<slug:slug>/invitations/<int:pk>/withdraw/", team.withdraw, name="withdraw"),
    path("team/<slug:slug>/people/<int:pk>/role/", team.change_role, name="change_role"),
    path("team/<slug:slug>/people/<int:pk>/remove/", team.remove, name="remove_member"),
    path("team/<slug:slug>/second-step/", team.require_second_factor, name="require_second_factor"),
    path("team/<slug:slug>/tokens/", tokens.tokens, name="tokens"),
    path("team/<slug:slug>/tokens/issue/", tokens.issue, name="issue_token"),
    path("team/<slug:slug>/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
]
