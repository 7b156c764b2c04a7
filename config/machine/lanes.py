"""How the processes of the lanes are started, with a broker and without one."""

from __future__ import annotations

from config.celery import LANES

# Beat has a process of its own, too: as a part of a worker it would live on when that is killed.
_BEAT = ("-m", "celery", "-A", "config.celery", "--quiet", "beat", "--loglevel", "warning")
_WORKER = (
    "-W", "ignore:You're running the worker with superuser privileges",
    "-m", "celery", "-A", "config.celery", "--quiet", "worker", "-P", "threads", "-c", "1",
    "--without-gossip", "--without-mingle", "--loglevel", "warning",
)  # fmt: skip


def processes(*, with_broker: bool) -> dict[str, tuple[str, ...]]:
    """What each is called in messages, and the arguments of the Python that runs it."""
    if not with_broker:
        return {_name(lane): ("-m", "config.machine.sweeps", lane) for lane in LANES}
    workers = {_name(lane): (*_WORKER, "-Q", lane, "-n", f"{lane}@%h") for lane in LANES}
    return {"The beat of the lanes": _BEAT, **workers}


def _name(lane: str) -> str:
    return f"The lane for {lane}"
