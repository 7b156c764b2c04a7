"""Workers to be killed, each replaced as soon as it is dead, for ever.

They ask a provider one question after another and pay from the named database. Only they are killed and not their
parent, which has everything imported, for that takes seconds.
"""

import contextlib
import os
import random
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings

from tests.clock import share_the_clock

database, base_url, workers, questions, cap = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
django.setup()
share_the_clock()

import openai  # noqa: E402, F401

from feeds.asking.asker import Unanswered  # noqa: E402
from feeds.library.llm.schema import read_proposals  # noqa: E402
from tests.feeds.asking.paid import asker_of  # noqa: E402
from tests.feeds.library.llm.asked import question  # noqa: E402


def ask_for_ever() -> None:
    asker = asker_of(base_url, day=cap)
    asked = [question(seed=number) for number in range(int(questions))]
    random.Random(os.getpid()).shuffle(asked)  # noqa: S311
    while True:
        for one in asked:
            with contextlib.suppress(Unanswered):
                asker.answer(one, read_proposals, until=time.monotonic())


alive = 0
while True:
    if os.fork() == 0:
        ask_for_ever()
    alive += 1
    if alive == int(workers):
        os.wait()
        alive -= 1
