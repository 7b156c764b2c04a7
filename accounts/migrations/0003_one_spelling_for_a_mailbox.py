"""Rewrite addresses as they are dialled; rows that turn out to be of one mailbox fold together."""

import re
from collections import defaultdict

from django.conf import settings
from django.db import migrations
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.encoding import punycode

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MAILABLE = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOTLESS = ("gmail.com", "googlemail.com")
_COMPLAINED = "somebody who reads this mailbox marked mail as spam"
_CANNOT_BE_MAILED = "no mail server takes an address that is spelled like this"


def dialled(address):
    """Return where mail to this spelling went so far, which is where it was confirmed; None where nowhere.

    By the IDNA of 2003, which Django's mail uses: `straße.de` is the same as `strasse.de` there, and another domain now.
    """
    local, _, domain = address.rpartition("@")
    if quoted := _QUOTED.fullmatch(local):
        local = re.sub(r"\\(.)", r"\1", quoted[1])
    try:
        ascii_domain = punycode(domain).lower()
    except UnicodeError:
        return None
    return f"{local}@{ascii_domain}" if _MAILABLE.fullmatch(local) else None


def mailbox(address):
    local, _, domain = address.rpartition("@")
    owner = local.partition("+")[0] or local
    return f"{owner.replace('.', '')}@gmail.com" if domain in _DOTLESS else f"{owner}@{domain}"


def hashed(what, value, key=None):
    return salted_hmac(f"overheard.{what}", value, secret=key or settings.SECRET_KEY, algorithm="sha256").hexdigest()


def fold(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects
    suppressions = apps.get_model("accounts", "Suppression").objects
    stops = dict(suppressions.exclude(reason="erased").values_list("address_hash", "reason"))
    by_address = defaultdict(list)
    for user in users.order_by(F("confirmed_at").asc(nulls_last=True), "joined_at", "pk").iterator():
        by_address[dialled(user.email)].append(user)
    stop_what_cannot_be_mailed(by_address.pop(None, []))
    complained = {}
    for address, same in by_address.items():
        reason = next((stops[one] for user in same for one in former_hashes(user.email) if one in stops), None)
        stopped = next((user for user in same if user.stopped_at), None)
        keep_the_first(users, address, same, stopped=stopped)
        if reason == "complaint":
            complained[mailbox(address)] = stopped
        elif reason or stopped:
            suppressions.get_or_create(address_hash=hashed("address", address), defaults={"reason": "bounce"})
    for name, stopped in complained.items():
        suppressions.get_or_create(address_hash=hashed("mailbox", name), defaults={"reason": "complaint"})
        sharing = [address for address in by_address if mailbox(address) == name]
        users.filter(email__in=sharing, stopped_at=None).update(**stop_like(stopped))


def stop_what_cannot_be_mailed(users):
    for user in users:
        if user.confirmed_at is None:
            user.delete()
        else:
            user.stopped_at, user.stopped_reason = user.stopped_at or timezone.now(), _CANNOT_BE_MAILED
            user.save(update_fields=["stopped_at", "stopped_reason"])


def keep_the_first(users, address, same, *, stopped):
    first, *others = same
    for other in others:
        users.filter(pk=other.pk).delete()
    if first.email != address:
        users.filter(pk=first.pk).update(email=address)
    if stopped:
        users.filter(pk=first.pk, stopped_at=None).update(**stop_like(stopped))


def stop_like(stopped):
    at, reason = (stopped.stopped_at, stopped.stopped_reason) if stopped else (timezone.now(), _COMPLAINED)
    return {"stopped_at": at, "stopped_reason": reason, "next_brief_at": None}


def former_hashes(spelling):
    return [hashed("address", spelling, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_session")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
