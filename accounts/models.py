"""Who the subscriber is: an address, a clock, and what must never be mailed again."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.addresses import InvalidAddress, canonical, in_unicode

# A pause without an end: it lasts until the subscriber says otherwise.
PAUSED_FOR_GOOD = dt.date(2999, 12, 31)


def every_day() -> list[int]:
    return list(range(7))


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Use a name such as Europe/Berlin.")


class UserQuerySet(models.QuerySet["User"]):
    def confirmed(self) -> UserQuerySet:
        return self.filter(confirmed_at__isnull=False, is_active=True)

    def receiving(self) -> UserQuerySet:
        """Confirmed, not unsubscribed and not stopped by a bounce or a complaint; a pause does not count here."""
        return self.confirmed().filter(unsubscribed_at=None, stopped_at=None)

    def unscheduled(self) -> UserQuerySet:
        """Receiving, but their clock changed (or they are new): the next brief's instant is to be computed."""
        return self.receiving().filter(next_brief_at=None)

    def due(self, now: dt.datetime) -> UserQuerySet:
        return self.receiving().filter(next_brief_at__lte=now)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=canonical(email or ""))

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """Raises InvalidAddress."""
        user = self.model(email=canonical(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        fields |= {"is_staff": True, "is_superuser": True, "confirmed_at": timezone.now()}
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A subscriber. The address is kept in its canonical form, which is what is dialled: equal means the same.

    Until it is confirmed the account is not active: nobody can sign in to it.
    """

    class Cadence(models.TextChoices):
        DAILY = "daily", "every day"
        WEEKLY = "weekly", "once a week"

    class Format(models.TextChoices):
        HTML = "html", "designed"
        TEXT = "text", "plain text"

    email = models.EmailField(max_length=254, unique=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    brief_hour = models.PositiveSmallIntegerField(default=7, validators=[MaxValueValidator(23)])
    brief_days = ArrayField(models.PositiveSmallIntegerField(), default=every_day, help_text="0 is Monday")
    cadence = models.CharField(max_length=8, choices=Cadence, default=Cadence.DAILY)
    brief_format = models.CharField(max_length=8, choices=Format, default=Format.HTML)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True, help_text="empty: any")
    surprises = models.BooleanField(default=True, help_text="one from outside their topics where a brief is short")
    quotes = models.BooleanField(default=False, help_text="passages fill a brief where fewer than five are ready")
    paused_until = models.DateField(null=True, blank=True, help_text="the first local day with a brief again")
    # Null means "not scheduled yet, schedule me": whoever changes the clock above sets it to null.
    next_brief_at = models.DateTimeField(null=True, blank=True)
    schedule_error = models.CharField(max_length=300, blank=True, help_text="why no brief can be scheduled")

    unsubscribed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="a hard bounce or a complaint")
    stopped_reason = models.CharField(max_length=200, blank=True)
    # Opening a brief leaves no trace (there is no pixel), so a silent subscriber is asked once before a pause.
    active_at = models.DateTimeField(default=timezone.now, help_text="the last sign of life")
    asked_if_reading_at = models.DateTimeField(null=True, blank=True)
    # Part of every signed link of this subscriber; raising it revokes them all.
    link_version = models.PositiveIntegerField(default=1)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="address_in_lower_case")]
        indexes = [
            models.Index(
                fields=["next_brief_at"],
                name="users_to_brief",
                condition=models.Q(confirmed_at__isnull=False, unsubscribed_at=None, stopped_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Django asks this of every form about a user, the admin's included, before it looks for the address."""
        try:
            return canonical(username)
        except InvalidAddress as error:
            raise ValidationError({"email": str(error)}) from error

    @property
    def address(self) -> str:
        """As people read it."""
        return in_unicode(self.email)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def is_receiving(self) -> bool:
        return bool(self.confirmed_at and self.is_active and not self.unsubscribed_at and not self.stopped_at)


class Suppression(models.Model):
    """An address that must not be mailed again, known only by its keyed hash, so that it outlives the account."""

    class Reason(models.TextChoices):
        BOUNCE = "bounce", "hard bounce"
        COMPLAINT = "complaint", "complaint"
        ERASED = "erased", "account erased"

    address_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=16, choices=Reason)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.address_hash[:8]}… {self.reason}"


class SoftBounce(models.Model):
    """A day on which a mailbox refused a mail and may take another some time; old ones are forgotten."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="soft_bounces")
    address_hash = models.CharField(max_length=64, help_text="keyed; the subscriber may have another address by now")
    day = models.DateField(help_text="in UTC")
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "address_hash", "day"], name="one_soft_bounce_per_address_and_day")
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} on {self.day}"


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self, now: dt.datetime) -> LetterQuerySet:
        """To be sent now, and those whose sender died: their lease is over."""
        unfinished = [Letter.State.WAITING, Letter.State.SENDING]
        return self.filter(state__in=unfinished, next_attempt_at__lte=now).order_by("next_attempt_at", "id")


class Letter(models.Model):
    """A transactional e-mail to be written by a worker: the request that asks for one never waits for SMTP.

    Holds what is needed to write it, never the text; a token inside `context` would be a secret at rest, so links
    are signed when the letter is written.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm"
        SIGN_IN = "sign_in", "sign in by a link"
        LOGIN_CODE = "login_code", "sign in by a code"
        CONFIRM_ADDRESS = "confirm_address", "confirm a new address"
        ADDRESS_CHANGED = "address_changed", "tell the old address"
        CONFIRM_ERASURE = "confirm_erasure", "ask the old address about an erasure"
        STILL_READING = "still_reading", "ask a silent subscriber"
        SECURITY = "security", "a passkey or a code generator was added or removed"
        TEST_BRIEF = "test_brief", "the brief as it would be now"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=32, choices=Kind, help_text="names the templates, or another writer")
    context = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="letters_to_send", condition=models.Q(state__in=["waiting", "sending"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to user {self.user_id}: {self.state}"

    @property
    def recipient(self) -> str:
        """The subscriber, unless the letter goes to their new or their old address."""
        return str(self.context.get("to") or self.user.email)


class AddressChange(models.Model):
    """A change to which the old address can object, kept for as long as that."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_changes")
    old_address = models.EmailField(max_length=254, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    objected_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"address of user {self.user_id} changed {self.created_at:%Y-%m-%d}"


class CodeRequest(models.Model):
    """One request for a code, kept for a day: what limits count, and what its tries are counted on."""

    address_hash = models.CharField(max_length=64)
    network_hash = models.CharField(max_length=64)
    is_known = models.BooleanField(help_text="by somebody who is known to read the mailbox")
    tries = models.PositiveSmallIntegerField(default=0)
    letter = models.OneToOneField(Letter, null=True, blank=True, on_delete=models.SET_NULL, related_name="code_request")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["address_hash", "created_at"], name="code_requests_by_address"),
            models.Index(fields=["network_hash", "created_at"], name="code_requests_by_network"),
        ]

    def __str__(self) -> str:
        return f"{self.address_hash[:8]}… at {self.created_at:%Y-%m-%d %H:%M}"


class SignupAttempt(models.Model):
    """One letter that the sign-up box caused, kept as keyed hashes for as long as the limits look back."""

    address_hash = models.CharField(max_length=64)
    network_hash = models.CharField(max_length=64, help_text="of the IPv4 /24 or the IPv6 /56")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["address_hash", "created_at"], name="signup_attempts_by_address"),
            models.Index(fields=["network_hash", "created_at"], name="signup_attempts_by_network"),
            models.Index(fields=["created_at"], name="signup_attempts_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.address_hash[:8]}… at {self.created_at:%Y-%m-%d %H:%M}"


class Session(AbstractBaseSession):
    """A browser that signed in, or is about to; the key is a hash of what its cookie holds."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")


class AccountEvent(models.Model):
    """What happened to the account, shown to its owner."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    detail = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d}"


class Instance(models.Model):
    """One row: which database this is, and how often was sent from it; a dump that is restored is behind its hosts."""

    identity = models.UUIDField(default=uuid.uuid4)
    runs = models.PositiveBigIntegerField(default=0)
    last_run_at = models.DateTimeField(null=True, blank=True)
    zone_database = models.CharField(max_length=16, blank=True, help_text="what the next instants were reckoned with")
    fence_reason = models.CharField(max_length=200, blank=True, help_text="why nothing is sent until a person confirms")

    def __str__(self) -> str:
        return f"{self.identity.hex[:8]}: {self.runs} runs"
