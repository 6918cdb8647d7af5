"""Compiling a list without holding up a verdict: the work is a child process's (`python -m firmware.lists`)."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from firmware.lists.entries import NotAList

Progress = Callable[[str, int], None]

MILLISECONDS_TO_CANCEL = 200


class Cancelled(Exception):
    """The building was called off."""


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a list's text.

    `count`: distinct numbers and segments. `entries`: lines that were one; `refused`: lines that were none, with the
    beginnings of the first in `samples`; `protected`: numbers left out because nothing may block them.
    """

    count: int
    entries: int
    refused: int
    protected: int
    samples: tuple[str, ...]


def build(
    source: Path,
    path: Path,
    region: str,
    area: str = "",
    *,
    progress: Progress = lambda phase, count: None,
    cancelled: threading.Event | None = None,
) -> Built:
    """Compile the list's text at `source` into the file at `path`, for a line in `region` with its area code.

    The file is put in place when it is whole and on disk; until then, and after any failure, the old one stays. Works
    in a folder beside it, so one process at a time may build one path. `progress` gets "reading" with the entries so
    far, then "writing" with the keys so far. Raises NotAList; Cancelled, soon after that event; OSError.
    """
    folder = path.with_name(f"{path.name}.building")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    command = [sys.executable, "-m", "firmware.lists", *map(str, (source, folder, path)), region, area]
    try:
        with subprocess.Popen(  # noqa: S603 - our own interpreter and package
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        ) as child:
            try:
                return _followed(child, progress, cancelled)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _followed(child: subprocess.Popen[bytes], progress: Progress, cancelled: threading.Event | None) -> Built:
    for line in _said(child, cancelled):
        match json.loads(line):
            case ["built", tally]:
                return Built(**{**tally, "samples": tuple(tally["samples"])})
            case ["refused", code, samples]:
                raise NotAList(code, samples)
            case [phase, count]:
                progress(phase, count)
    complaint = child.stderr.read().decode("utf-8", "replace").strip() if child.stderr else ""
    ended = f"the process ended with {child.wait()}"
    raise OSError(f"the list was not built: {complaint.rpartition(chr(10))[2] or ended}")


def _said(child: subprocess.Popen[bytes], cancelled: threading.Event | None) -> Iterator[bytes]:
    """The lines of the child's standard output until its end."""
    poll = select.poll()
    poll.register(child.stdout or -1, select.POLLIN)
    rest = b""
    while True:
        if cancelled and cancelled.is_set():
            raise Cancelled
        for fd, _ in poll.poll(MILLISECONDS_TO_CANCEL):
            data = os.read(fd, 1 << 16)
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            yield from lines
