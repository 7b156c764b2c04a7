"""Gunicorn's settings: `gunicorn -c config/gunicorn.py config.wsgi`. Threads, since pages wait for the database.

A loop before them gathers whole requests (config/web/patient_worker.py).
"""

import os
import resource

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "config.web.patient_worker.PatientWorker"
threads = 8
# Open at once, of as many files as this account may open; most of them wait, and past it the oldest gives way.
worker_connections = max(100, min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200))
timeout = 60
graceful_timeout = 5
keepalive = 5
# Slow leaks end with the process; the spread keeps two workers from ending at once.
max_requests = 100_000
max_requests_jitter = 10_000
loglevel = "warning"
control_socket_disable = True  # one for all of a user's sites, in their home directory
