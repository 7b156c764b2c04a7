"""Doorbells of accounts: each finds its work in the database, so that a lost or doubled one changes nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts import retention
from accounts.letters import deliver as letters


@shared_task(ignore_result=True)
def deliver_letters() -> None:
    letters.deliver_letters(now=timezone.now())


@shared_task(ignore_result=True)
def sweep_accounts() -> None:
    retention.sweep(now=timezone.now())
