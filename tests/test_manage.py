"""The machine's failures in a sentence: a process of its own each, for that is what fails."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def manage(
    *arguments: str, var: Path, stdout: int = subprocess.PIPE, environment: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "VAR_DIR": str(var)} | dict(environment),
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("SITE_URL", "brief.example.com", "it must look like https://brief.example.com"),
        ("EXTRACT_NEWEST", "many", "EXTRACT_NEWEST cannot be understood"),
        ("DATABASE_URL", "sqlite:///db", "DATABASE_URL must look like postgres://"),
        ("DATABASE_URL", "postgres://u:secret@127.0.0.1:9/x", "The database cannot be used"),
        ("EMAIL_URL", "secret", "EMAIL_URL must look like smtp"),
        ("SOCIAL_SIGN_IN", '{"fakebook": {}}', "may name google, github, apple; not fakebook"),
        ("EMAIL_PROVIDER", '{"pigeon": {"key": "secret"}}', "EMAIL_PROVIDER may name one of mailersend, mailgun"),
        ("EMAIL_WEBHOOK_SECRET", "postmark:secret-but-no-provider", "must look like user:password"),
        ("VAR_DIR", "/dev/null/var", "VAR_DIR is /dev/null/var"),
    ],
)
def test_a_wrong_setting_is_named_without_a_traceback(setting: str, value: str, sentence: str, tmp_path: Path) -> None:
    done = manage("scan", var=tmp_path, environment={setting: value})
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_a_reader_who_has_enough_ends_the_command_quietly(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = manage("help", "--commands", var=tmp_path, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")
