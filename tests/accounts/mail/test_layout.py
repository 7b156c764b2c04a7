import pytest
from pytest_django import Settings

from accounts.mail.layout import WIDTH, inlined, paragraph, sender_host, wrapped


def test_a_text_from_outside_is_cut_to_lines_with_their_indents() -> None:
    lines = paragraph("money\ntalks " * 30 + "x" * 200, first="1. ", rest="   ").splitlines()
    assert lines[0].startswith("1. money talks")
    assert all(line.startswith("   ") for line in lines[1:])
    assert max(map(len, lines)) <= WIDTH


def test_a_link_on_a_line_of_its_own_stays_in_one_piece() -> None:
    link = "    https://example.com/" + "x" * 200
    text = wrapped(f"\nSign in with this link, which is good for one hour and for one sign-in alone:\n\n{link}\n\n")
    assert link in text.splitlines()
    assert "alone:\n" in text
    assert all(len(line) <= WIDTH for line in text.splitlines() if line != link)
    assert text.endswith(f"{link}\n")


def test_styles_stand_in_the_elements() -> None:
    page = inlined("<html><head><style>p { color: #123456 }</style></head><body><p>Money</p></body></html>")
    assert '<p style="color: #123456' in page


@pytest.mark.parametrize(
    ("sender", "host"),
    [("Overheard <brief@example.com>", "example.com"), ("brief@example.com", "example.com"), ("me", ""), ("", "")],
)
def test_the_senders_host_is_what_follows_the_at(settings: Settings, sender: str, host: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    assert sender_host() == host
