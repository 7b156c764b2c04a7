from email import message_from_bytes, policy
from email.message import EmailMessage

from pytest_django import Settings

from accounts.mail.layout import message_id
from accounts.mail.message import mail_to


def sent(*, subject: str = "A claim", html: str = "") -> EmailMessage:
    headers = {"Message-ID": message_id("mail-1")}
    message = mail_to("alice@example.org", subject=subject, text="Money talks.\n", html=html, headers=headers)
    return message_from_bytes(message.message().as_bytes(linesep="\r\n"), policy=policy.default)


def test_it_is_from_this_site_and_says_that_a_machine_sent_it(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.REPLY_TO = "Overheard <brief@overheard.example.com>", "me@example.com"
    message = sent()
    names = ("From", "Reply-To", "To", "Message-ID", "Auto-Submitted")
    assert [message[name] for name in names] == [
        "Overheard <brief@overheard.example.com>",
        "me@example.com",
        "alice@example.org",
        "<mail-1@overheard.example.com>",
        "auto-generated",
    ]


def test_without_an_address_for_answers_none_is_named(settings: Settings) -> None:
    settings.REPLY_TO = ""
    assert sent()["Reply-To"] is None


def test_a_second_part_is_there_where_it_is_designed() -> None:
    assert sent().get_content_type() == "text/plain"
    designed = sent(html="<p>Money talks.</p>")
    assert [part.get_content_type() for part in designed.iter_parts()] == ["text/plain", "text/html"]


def test_a_subject_with_a_line_break_adds_no_header() -> None:
    message = sent(subject="A claim\r\nBcc: bob@example.org")
    assert message["Subject"] == "A claim Bcc: bob@example.org"
    assert message["Bcc"] is None


def test_a_subject_that_looks_encoded_is_read_as_it_was_written() -> None:
    assert sent(subject="He said =?utf-8?q?no?= to it")["Subject"] == "He said =?utf-8?q?no?= to it"


def test_a_subject_holds_no_control_characters() -> None:
    assert sent(subject="Bells\a and \x1b[31mescapes\x7f")["Subject"] == "Bells and [31mescapes"


def test_no_header_line_is_longer_than_78() -> None:
    headers = {"Message-ID": message_id("mail-1")}
    message = mail_to("alice@example.org", subject="A", text="a", html="<p>a</p>", headers=headers)
    head = message.message().as_bytes(linesep="\r\n").partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
