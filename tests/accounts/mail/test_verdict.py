from __future__ import annotations

import smtplib

import pytest
from anymail.exceptions import AnymailRecipientsRefused

from accounts.mail.smtp import Interrupted, Phase
from accounts.mail.verdict import Fate, verdict


def refused(code: int, text: bytes) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"alice@example.org": (code, text)})


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (refused(550, b"5.1.1 No such user"), Fate.GONE),
        (refused(553, b"5.1.3 Bad destination syntax"), Fate.GONE),
        (AnymailRecipientsRefused("Found inactive addresses"), Fate.GONE),
        (refused(550, b"5.7.1 Not from you"), Fate.REFUSED),
        (refused(550, b"no such user"), Fate.REFUSED),
        (smtplib.SMTPDataError(554, b"5.7.1 Looks like spam"), Fate.REFUSED),
        (smtplib.SMTPSenderRefused(550, b"5.7.1 Not you", "brief@example.com"), Fate.REFUSED),
        (refused(451, b"4.7.1 Greylisted"), Fate.LATER),
        (refused(450, b"4.2.0 Was 5.1.1 once"), Fate.LATER),
        (smtplib.SMTPConnectError(421, b"Too many connections"), Fate.LATER),
        (OSError("no route to host"), Fate.LATER),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), Fate.UNKNOWN),
        (ConnectionResetError(104, "Connection reset by peer"), Fate.UNKNOWN),
        (TimeoutError("timed out"), Fate.UNKNOWN),
    ],
    ids=lambda value: value.name if isinstance(value, Fate) else str(value)[:40],
)
def test_an_answer_decides_about_the_mail_and_its_address(error: Exception, fate: Fate) -> None:
    assert verdict(error).fate == fate


_LOST = [smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), TimeoutError("timed out")]


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("error", _LOST, ids=lambda error: type(error).__name__)
def test_a_lost_connection_leaves_a_doubt_only_after_the_dot(phase: Phase, error: Exception) -> None:
    expected = Fate.UNKNOWN if phase == Phase.HANDED_OVER else Fate.LATER
    assert verdict(Interrupted(phase, error)).fate == expected


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [(451, Fate.LATER, Fate.LATER), (552, Fate.REFUSED, Fate.REFUSED), (-1, Fate.LATER, Fate.UNKNOWN)],
)
def test_what_is_no_answer_after_the_dot_is_as_good_as_none(code: int, before: Fate, after: Fate) -> None:
    error = smtplib.SMTPDataError(code, b"5.3.4 something")
    assert verdict(Interrupted(Phase.CONTENT, error)).fate == before
    assert verdict(Interrupted(Phase.HANDED_OVER, error)).fate == after


def test_the_phase_changes_nothing_about_the_words() -> None:
    error = refused(550, b"5.1.1 No such user")
    assert verdict(Interrupted(Phase.RECIPIENT, error)) == verdict(error)


def test_its_words_are_the_servers_on_one_line() -> None:
    told = verdict(refused(550, b"5.1.1 No such user\r\nhere"))
    assert told.words == "SMTPRecipientsRefused: 550 5.1.1 No such user here"
    assert len(verdict(refused(550, b"x" * 5000)).words) == 300
