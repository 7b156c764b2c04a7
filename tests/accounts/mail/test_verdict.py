from __future__ import annotations

import smtplib

import pytest
from anymail.exceptions import AnymailRecipientsRefused
from hypothesis import given
from hypothesis import strategies as st

from accounts.mail.answer import heard
from accounts.mail.smtp import Interrupted, Phase
from accounts.mail.verdict import About, Fate, verdict


def refused(code: int, text: bytes) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"alice@example.org": (code, text)})


@pytest.mark.parametrize(
    ("error", "fate", "about"),
    [
        (refused(550, b"5.1.1 No such user"), Fate.GONE, About.MAILBOX),
        (refused(553, b"5.1.3 Bad destination syntax"), Fate.GONE, About.MAILBOX),
        (AnymailRecipientsRefused("Found inactive addresses"), Fate.GONE, About.MAILBOX),
        (refused(552, b"5.2.2 Mailbox full"), Fate.REFUSED, About.MAILBOX),
        (refused(550, b"5.2.1 Mailbox disabled"), Fate.REFUSED, About.MAILBOX),
        (refused(550, b"no such user"), Fate.REFUSED, About.UNSAID),
        (refused(550, b"5.7.1 Not from you"), Fate.LATER, About.PROVIDER),
        (refused(550, b"5.1.8 Bad sender"), Fate.LATER, About.US),
        (refused(530, b"5.7.0 Sign in first"), Fate.LATER, About.US),
        (smtplib.SMTPDataError(554, b"5.7.1 Looks like spam"), Fate.LATER, About.PROVIDER),
        (smtplib.SMTPDataError(554, b"Transaction failed"), Fate.LATER, About.PROVIDER),
        (smtplib.SMTPDataError(552, b"5.3.4 Too large"), Fate.REFUSED, About.MESSAGE),
        (smtplib.SMTPDataError(552, b"Too much mail data"), Fate.REFUSED, About.MESSAGE),
        (smtplib.SMTPDataError(550, b"5.6.0 Malformed"), Fate.REFUSED, About.MESSAGE),
        (smtplib.SMTPDataError(550, b"5.3.0 Out of order"), Fate.LATER, About.SERVER),
        (smtplib.SMTPSenderRefused(550, b"5.7.1 Not you", "brief@example.com"), Fate.LATER, About.US),
        (smtplib.SMTPSenderRefused(550, b"5.1.1 Who are you", "brief@example.com"), Fate.LATER, About.US),
        (smtplib.SMTPSenderRefused(552, b"5.3.4 Too large", "brief@example.com"), Fate.REFUSED, About.MESSAGE),
        (smtplib.SMTPSenderRefused(451, b"4.7.1 Slowly", "brief@example.com"), Fate.LATER, About.SERVER),
        (refused(451, b"4.7.1 Greylisted"), Fate.LATER, About.PROVIDER),
        (refused(450, b"4.2.0 Was 5.1.1 once"), Fate.LATER, About.MAILBOX),
        (refused(450, b"Try again"), Fate.LATER, About.MAILBOX),
        (refused(421, b"4.7.0 Closing"), Fate.LATER, About.SERVER),
        (smtplib.SMTPDataError(451, b"4.3.0 Trouble"), Fate.LATER, About.SERVER),
        (smtplib.SMTPConnectError(421, b"Too many connections"), Fate.LATER, About.SERVER),
        (OSError("no route to host"), Fate.LATER, About.SERVER),
        (ValueError("no address"), Fate.LATER, About.MESSAGE),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), Fate.UNKNOWN, About.SERVER),
        (ConnectionResetError(104, "Connection reset by peer"), Fate.UNKNOWN, About.SERVER),
        (TimeoutError("timed out"), Fate.UNKNOWN, About.SERVER),
    ],
    ids=lambda value: value.name if isinstance(value, Fate | About) else str(value)[:40],
)
def test_an_answer_decides_about_the_mail_and_whom_it_concerns(error: Exception, fate: Fate, about: About) -> None:
    told = verdict(error)
    assert (told.fate, told.about) == (fate, about)


@pytest.mark.parametrize("phase", Phase)
@given(code=st.integers(400, 599), detail=st.tuples(st.integers(0, 9), st.integers(0, 40)))
def test_only_what_is_about_a_mailbox_is_ever_held_against_it(phase: Phase, code: int, detail: tuple[int, int]) -> None:
    words = f"{code // 100}.{detail[0]}.{detail[1]} said"
    fate, about = heard(code, words, phase)
    assert fate != Fate.UNKNOWN
    assert (fate == Fate.LATER) or code >= 500
    assert fate != Fate.GONE or (about == About.MAILBOX and phase != Phase.SENDER and detail[0] == 1)
    assert phase != Phase.SENDER or about in (About.US, About.SERVER, About.MESSAGE)
    assert detail[0] != 7 or fate == Fate.LATER or code == 552


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
