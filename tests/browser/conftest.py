import os

# Playwright keeps an event loop in the thread of the tests, and Django would refuse it the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
