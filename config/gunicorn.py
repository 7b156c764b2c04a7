"""Gunicorn's settings: `gunicorn -c config/gunicorn.py config.wsgi`. Threads, since pages wait for the database."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 8
timeout = 60
graceful_timeout = 5
keepalive = 5
# Slow leaks end with the process; the spread keeps two workers from ending at once.
max_requests = 10_000
max_requests_jitter = 1_000
loglevel = "warning"
control_socket_disable = True  # one for all of a user's sites, in their home directory
