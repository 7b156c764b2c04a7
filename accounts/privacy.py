"""Everything about a person, handed over or erased: both walk the same relations, so neither can forget a table."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q

from accounts import limits
from accounts.addresses import in_unicode
from accounts.keyed_hashes import address_hash, address_hashes
from accounts.letters.deliver import request_letter
from accounts.models import AddressChange, CodeRequest, Letter, SignupAttempt, Suppression, User

# Secrets that would open the account.
_LEFT_OUT = frozenset({"password", "data", "session_key", "session_data"})
_README = """Everything that Overheard keeps about {address}, on {day}.

data.json    one list for each table, one object for each row, with every column
{tables}

Times are in UTC. Left out, because they are secrets and not facts: the password column, which holds no password, the
seeds of passkeys and code generators, and of sessions all but the time at which they end.

Not in here: the addresses of the people who sent you a link, whether you opened a brief, where you read it. Nobody
recorded that.
"""


@dataclasses.dataclass(frozen=True)
class Erased:
    rows: int


def export(user: User, *, now: dt.datetime) -> bytes:
    """Return a zip with `data.json` and a README."""
    tables = {name: list(rows) for name, rows in _tables(user)}
    listed = "\n".join(f"  {name}: {len(rows)}" for name, rows in tables.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README.format(address=user.email, day=f"{now:%d %B %Y}", tables=listed))
        archive.writestr("data.json", json.dumps(tables, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
    return packed.getvalue()


def erase(user: User, *, now: dt.datetime) -> Erased:
    """Delete every row about this person, sessions included; what stays is a keyed hash on the suppression list.

    Mail in flight finds its row gone when it is claimed.
    """
    with transaction.atomic():
        Suppression.objects.get_or_create(
            address_hash=address_hash(user.email),
            defaults={"reason": Suppression.Reason.ERASED, "created_at": now},
        )
        limits.forget_address(user.email)
        CodeRequest.objects.filter(address_hash__in=address_hashes(user.email)).delete()
        _forget_elsewhere(user)
        rows, _ = User.objects.filter(pk=user.pk).delete()
    return Erased(rows)


def ask_old_address(change: AddressChange, *, now: dt.datetime) -> None:
    """Whoever moved the account must not be able to erase it behind its owner's back: one letter a day asks there."""
    asked = change.user.letters.filter(kind=Letter.Kind.CONFIRM_ERASURE, created_at__gt=now - dt.timedelta(days=1))
    if not asked.exists():
        request_letter(change.user, Letter.Kind.CONFIRM_ERASURE, to=change.old_address, change=change.pk)


def _tables(user: User) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    yield "account", iter([_row(user)])
    for relation in _personal_relations():
        rows = relation.related_model._base_manager.filter(**{relation.field.name: user}).order_by("pk")
        yield _name(relation.related_model), (_row(row) for row in rows)
        yield from _items_of(relation.related_model, user, relation.field.name)
    yield from _known_by_address(user)


def _known_by_address(user: User) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Rows that do not point at the person, but are found by who knows the address."""
    hashes = address_hashes(user.email)
    for model in (Suppression, SignupAttempt, CodeRequest):
        yield _name(model), (_row(row) for row in model._base_manager.filter(address_hash__in=hashes).order_by("pk"))
    for found, _ in _with_address(user.email):
        yield _name(found.model), (_row(row) for row in found.order_by("pk"))


def _items_of(owner: type[models.Model], user: User, field: str) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """The rows that hang on the person's rows: the items of a brief."""
    for relation in owner._meta.related_objects:
        if relation.on_delete is models.CASCADE and not _points_at_a_person(relation.related_model):
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__{field}": user})
            yield _name(relation.related_model), (_row(row) for row in rows.order_by("pk"))


def _points_at_a_person(model: type[models.Model]) -> bool:
    return any(field.related_model is User for field in model._meta.concrete_fields)


def _personal_relations() -> Iterator[Any]:
    for relation in User._meta.related_objects:
        if not relation.many_to_many:
            yield relation


def _name(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name_plural)


def _row(row: models.Model) -> dict[str, Any]:
    fields = (field for field in row._meta.concrete_fields if field.name not in _LEFT_OUT)
    return {field.attname: field.value_from_object(row) for field in fields}


def _forget_elsewhere(user: User) -> None:
    """The admin's log calls people by their address, somebody else may be about to move to it, readers leave theirs."""
    spellings = {user.email, in_unicode(user.email)}
    LogEntry.objects.filter(content_type__app_label="accounts", object_repr__in=spellings).update(object_repr="erased")
    Letter.objects.filter(context__to__in=spellings).delete()
    AddressChange.objects.filter(old_address__in=spellings).delete()
    for found, column in _with_address(user.email):
        found.update(**{column: ""})


def _with_address(address: str) -> Iterator[tuple[models.QuerySet[Any], str]]:
    """Rows of other apps with that address, as it was typed there, and their column for it."""
    for label, column in settings.ADDRESSES_ELSEWHERE.items():
        typed = Q(**{f"{column}__iexact": address}) | Q(**{f"{column}__iexact": in_unicode(address)})
        yield apps.get_model(label)._base_manager.filter(typed), column
