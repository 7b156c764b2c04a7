import threading
from email import message_from_bytes, policy
from pathlib import Path

from django.core.mail import EmailMessage
from pytest_django import Settings

from accounts.mail.eml_files import EmailBackend


def test_each_message_becomes_a_file_of_its_own(tmp_path: Path, settings: Settings) -> None:
    settings.MAIL_DIR = tmp_path / "mail"
    sent = [EmailMessage(f"Number {n}", "Good morning", to=["reader@example.com"]) for n in range(3)]
    assert EmailBackend().send_messages(sent) == 3
    files = sorted(settings.MAIL_DIR.iterdir())
    assert [file.name for file in files] == ["000001.eml", "000002.eml", "000003.eml"]
    assert message_from_bytes(files[2].read_bytes(), policy=policy.default)["Subject"] == "Number 2"


def test_two_senders_never_overwrite_each_other(tmp_path: Path, settings: Settings) -> None:
    settings.MAIL_DIR = tmp_path

    def send() -> None:
        for number in range(20):
            EmailBackend().send_messages([EmailMessage(f"{number}", "Body", to=["reader@example.com"])])

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(list(tmp_path.glob("*.eml"))) == 80
    assert len(list(tmp_path.iterdir())) == 80
