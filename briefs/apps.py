from django.apps import AppConfig


class BriefsConfig(AppConfig):
    name = "briefs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from briefs import checks  # noqa: F401, PLC0415  registers itself
        from briefs.own import revoking  # noqa: F401, PLC0415  connects its receiver
