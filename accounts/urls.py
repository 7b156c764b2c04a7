from typing import Any

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from allauth.socialaccount import views as provider_views
from allauth.urls import build_provider_urlpatterns
from django.urls import path
from django.views.generic import RedirectView

from accounts.entering.freshness import fresh_sign_in_required
from accounts.views import my_data, signing_in, signup, unsubscribe

app_name = "accounts"
urlpatterns = [
    path("sign-up/", signup.signup, name="signup"),
    path("sign-up/sent/", signup.signup_sent, name="signup_sent"),
    path("confirm/<str:token>/", signup.confirm_signup, name="confirm"),
    path("sign-in/again/", signing_in.sign_in_again, name="sign_in_again"),
    path("sign-in/code/<str:token>/", signing_in.code_by_link, name="code_by_link"),
    path("sign-in/<str:token>/", signing_in.sign_in, name="sign_in"),
    path("u/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("still-reading/<str:token>/", signing_in.still_reading, name="still_reading"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/export/", my_data.export, name="export"),
    path("my-data/address/", my_data.change, name="change_address"),
    path("my-data/erase/", my_data.erase, name="erase"),
    path("my-data/erase/<str:token>/", my_data.erase_by_link, name="erase_by_link"),
    path("erased/", my_data.erased, name="erased"),
    path("address/confirm/<str:token>/", my_data.confirm_address, name="confirm_address"),
    path("address/restore/<str:token>/", my_data.take_back_address, name="restore_address"),
    path("privacy/", my_data.privacy_page, name="privacy"),
]

# allauth's own question is switched off in the adapter: what changes how one signs in asks for a fresh sign-in, second
# step included, like everything that cannot be undone.
_SECOND_STEPS = [
    ("totp/activate/", totp_views.activate_totp, "mfa_activate_totp"),
    ("totp/deactivate/", totp_views.deactivate_totp, "mfa_deactivate_totp"),
    ("webauthn/add/", webauthn_views.add_webauthn, "mfa_add_webauthn"),
    ("webauthn/keys/<int:pk>/edit/", webauthn_views.edit_webauthn, "mfa_edit_webauthn"),
    ("webauthn/keys/<int:pk>/remove/", webauthn_views.remove_webauthn, "mfa_remove_webauthn"),
    ("recovery-codes/", recovery_views.view_recovery_codes, "mfa_view_recovery_codes"),
    ("recovery-codes/generate/", recovery_views.generate_recovery_codes, "mfa_generate_recovery_codes"),
    ("recovery-codes/download/", recovery_views.download_recovery_codes, "mfa_download_recovery_codes"),
]


def _leads_to(name: str) -> Any:
    return RedirectView.as_view(pattern_name=name, query_string=True)


# What is used of allauth, page by page; each has a template of ours. Its pages for passwords, for several addresses and
# for linked accounts are not: an address changes by our own letters, and the other two do not exist.
sign_in_patterns = [
    path("login/", _leads_to("account_request_login_code"), name="account_login"),
    path("login/code/", allauth_views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", allauth_views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("2fa/", mfa_views.index, name="mfa_index"),
    path("2fa/authenticate/", mfa_views.authenticate, name="mfa_authenticate"),
    path("2fa/webauthn/", _leads_to("mfa_index"), name="mfa_list_webauthn"),
    path("2fa/webauthn/login/", webauthn_views.login_webauthn, name="mfa_login_webauthn"),
    *(path(f"2fa/{page}", fresh_sign_in_required(view), name=name) for page, view, name in _SECOND_STEPS),
    path("provider/cancelled/", provider_views.login_cancelled, name="socialaccount_login_cancelled"),
    # Not Google's one tap: it would need their script on our pages.
    *(page for page in build_provider_urlpatterns() if getattr(page, "name", "") != "google_login_by_token"),
]
