"""Who reads which file? A few worker processes side by side; one that dies or hangs is replaced, and only its file is given up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

TIME_LIMIT = 600.0
"""Seconds that one file may take."""
_IN_FLIGHT = 64 << 20
"""Bytes of files read at the same time: a workbook needs some fifteen times its size in memory."""
_WORTH = 256 << 10
"""Bytes of files that are worth a further worker: below, it takes longer to begin than to read."""

_HEAP = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(256 << 20)}
"""A reader keeps what the last file took for the next one: given back and asked for anew, it costs a tenth of the reading (glibc; others pass it over)."""


@dataclass(frozen=True)
class Job:
    path: Path
    name: str
    folder: Path
    size: int
    forced: str | None = None
    layouts: tuple[Path, ...] = ()
    passwords: tuple[str, ...] = ()


Outcome = Callable[[Job, str], None]
"""Told of every job: an empty string when it is done, otherwise what happened to its reader."""


def read_all(jobs: Sequence[Job], outcome: Outcome, workers: int | None = None) -> None:
    """Read every file, the largest first. Returns when all are done; ``outcome`` is called under a lock, and what it raises is raised here."""
    if not jobs:
        return
    queue = _Queue(sorted(jobs, key=lambda job: (-job.size, job.name)))
    lock = threading.Lock()

    def tell(job: Job, what: str) -> None:
        with lock:
            outcome(job, what)

    worth = 1 + sum(job.size for job in jobs) // _WORTH
    count = min(workers or min(os.cpu_count() or 1, worth), len(jobs))
    threads = [threading.Thread(target=_serve, args=(queue, tell), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if queue.failed is not None:
        raise queue.failed


class _Queue:
    """Jobs handed out so that the files in flight stay within bounds; a job too large for company runs alone."""

    def __init__(self, jobs: list[Job]) -> None:
        self._jobs = jobs
        self._flying = 0
        self._change = threading.Condition()
        self.failed: Exception | None = None

    def take(self) -> Job | None:
        with self._change:
            while self._jobs:
                for index, job in enumerate(self._jobs):
                    if not self._flying or self._flying + job.size <= _IN_FLIGHT:
                        self._flying += max(job.size, 1)
                        return self._jobs.pop(index)
                self._change.wait()
            return None

    def fail(self, error: Exception) -> None:
        """Hand out no further job."""
        with self._change:
            self.failed = self.failed or error
            self._jobs.clear()
            self._change.notify_all()

    def landed(self, job: Job) -> None:
        with self._change:
            self._flying -= max(job.size, 1)
            self._change.notify_all()


def _serve(queue: _Queue, tell: Outcome) -> None:
    process: subprocess.Popen[bytes] | None = None
    try:
        while job := queue.take():
            if process is None or process.poll() is not None:
                process = _start()
            what = _run(process, job)
            if what:
                process.kill()
                process.wait()
            tell(job, what)
            queue.landed(job)
    except Exception as error:
        queue.fail(error)
    finally:
        if process is not None:
            process.kill()  # it waits for a job: to end by itself takes it a tenth of a second
            process.wait()


def _start() -> subprocess.Popen[bytes]:
    package_root = str(Path(__file__).resolve().parents[2])
    environment = {
        **os.environ,
        "PYTHONIOENCODING": "utf-8",
        "OPENBLAS_NUM_THREADS": "1",
        **_HEAP,
        "PYTHONPATH": os.pathsep.join(filter(None, [package_root, os.environ.get("PYTHONPATH", "")])),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "kehujingli.intake.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _run(process: subprocess.Popen[bytes], job: Job) -> str:
    assert process.stdin
    assert process.stdout
    hung = threading.Event()

    def stop() -> None:
        hung.set()
        process.kill()

    clock = threading.Timer(TIME_LIMIT, stop)
    clock.start()
    try:
        message = {
            "path": str(job.path),
            "name": job.name,
            "size": job.size,
            "folder": str(job.folder),
            "forced": job.forced,
            "layouts": [str(path) for path in job.layouts],
            "passwords": job.passwords,
        }
        process.stdin.write(json.dumps(message).encode() + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    except OSError:
        answer = b""
    finally:
        clock.cancel()
    if answer:
        return ""
    return f"读了 {TIME_LIMIT:.0f} 秒还没读完" if hung.is_set() else "读取时内存不够或读取程序崩溃"
