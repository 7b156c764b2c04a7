from allauth.account import views as allauth_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from allauth.urls import build_provider_urlpatterns
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.freshness import fresh_sign_in_required
from accounts.views import my_data, signing_in, signup, unsubscribe

app_name = "accounts"
urlpatterns = [
    path("sign-up/", signup.signup, name="signup"),
    path("sign-up/sent/", signup.signup_sent, name="signup_sent"),
    path("confirm/<str:token>/", signup.confirm_signup, name="confirm"),
    path("sign-in/again/", signing_in.sign_in_again, name="sign_in_again"),
    path("sign-in/<str:token>/", signing_in.sign_in, name="sign_in"),
    path("u/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("still-reading/<str:token>/", signing_in.still_reading, name="still_reading"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/export/", my_data.export, name="export"),
    path("my-data/address/", my_data.change, name="change_address"),
    path("my-data/erase/", my_data.erase, name="erase"),
    path("erased/", my_data.erased, name="erased"),
    path("address/confirm/<str:token>/", my_data.confirm_address, name="confirm_address"),
    path("address/restore/<str:token>/", my_data.take_back_address, name="restore_address"),
    path("privacy/", my_data.privacy_page, name="privacy"),
]

# allauth asks again only those who have a password or a second factor; these pages ask everybody.
_GUARDED = {
    "totp/activate/": totp_views.activate_totp,
    "totp/deactivate/": totp_views.deactivate_totp,
    "webauthn/add/": webauthn_views.add_webauthn,
    "recovery-codes/": recovery_views.view_recovery_codes,
    "recovery-codes/generate/": recovery_views.generate_recovery_codes,
    "recovery-codes/download/": recovery_views.download_recovery_codes,
}
# What is used of allauth. Its pages for passwords and for several addresses are not: an address changes by our own
# letters, and a password does not exist.
sign_in_patterns = [
    path(
        "login/",
        RedirectView.as_view(pattern_name="account_request_login_code", query_string=True),
        name="account_login",
    ),
    path("login/code/", allauth_views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", allauth_views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    *(path(f"2fa/{page}", fresh_sign_in_required(view)) for page, view in _GUARDED.items()),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", include("allauth.socialaccount.urls")),
    *build_provider_urlpatterns(),
]
