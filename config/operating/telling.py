"""Telling the operators of a night: by mail."""

from __future__ import annotations

from django.conf import settings

from accounts.mail.connection import Connection
from accounts.mail.layout import message_id
from accounts.mail.message import mail_to
from config.operating.figures import Figures
from config.operating.report import as_text, subject


def tell_operators(figures: Figures) -> None:
    mail_report(figures, to=settings.REPORT_TO)


def mail_report(figures: Figures, *, to: list[str]) -> None:
    text, headers = as_text(figures), {"Message-ID": message_id(f"report-{figures.now:%Y%m%d%H%M%S}")}
    if not to:
        return
    with Connection() as connection:
        for address in to:
            connection.send(mail_to(address, subject=subject(figures), text=text, headers=headers))
