from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.entering import freshness  # noqa: F401, PLC0415  # connect their receivers
        from accounts.letters import returned as mail_events  # noqa: F401, PLC0415  # connect their receivers
