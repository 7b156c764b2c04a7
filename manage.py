#!/usr/bin/env python
"""Django's commands, with the failures that are the machine's and not the program's told in a sentence."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError
from psycopg.errors import UndefinedColumn, UndefinedTable


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has enough; nothing more may be flushed to them at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (ImproperlyConfigured, OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv or not (sentence := _sentence(error)):
            raise
        sys.exit(sentence)


def _sentence(error: Exception) -> str | None:
    if isinstance(error, ImproperlyConfigured):
        return f"The settings are wrong: {error}"
    if isinstance(error, OperationalError):
        return f"The database cannot be used: {error}"
    if isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
        return "The database has not the tables of this release: run manage.py migrate."
    return None


if __name__ == "__main__":
    main()
