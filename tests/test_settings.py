"""What cannot work is refused at the start, in a sentence, rather than by the first brief."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def start_with(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    ours = {
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(tmp_path),
        "EMAIL_PROVIDER": "{}",
        "EMAIL_WEBHOOK_SECRET": "",
        "DJANGO_SETTINGS_MODULE": "",
    }
    return subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.DEFAULT_FROM_EMAIL)"],
        cwd=ROOT,
        env=os.environ | ours | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["DEFAULT_FROM_EMAIL", "REPLY_TO"])
@pytest.mark.parametrize("sender", ["Overheard, Inc. <brief@example.com>", "brief", "a@example.com, b@example.com"])
def test_a_sender_that_would_fail_every_brief_is_refused_by_name(name: str, sender: str, tmp_path: Path) -> None:
    done = start_with(tmp_path, **{name: sender})

    assert done.returncode != 0
    last = done.stderr.splitlines()[-1]
    assert f"{name} must be one address such as Overheard <brief@example.com>, and is {sender}" in last


@pytest.mark.parametrize("sender", ['"Overheard, Inc." <brief@example.com>', "brief@example.com"])
def test_a_sender_with_a_comma_in_quotation_marks_or_without_a_name_will_do(sender: str, tmp_path: Path) -> None:
    done = start_with(tmp_path, DEFAULT_FROM_EMAIL=sender)

    assert (done.returncode, done.stdout.strip()) == (0, sender)
