from django.urls import path

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
