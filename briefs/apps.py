from django.apps import AppConfig


class BriefsConfig(AppConfig):
    name = "briefs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.letters.write import WRITERS  # noqa: PLC0415  # models are not loaded before
        from accounts.models import Letter  # noqa: PLC0415
        from briefs import checks  # noqa: F401, PLC0415  registers itself
        from briefs.edition.sample import write_test  # noqa: PLC0415

        WRITERS[Letter.Kind.TEST_BRIEF] = write_test
