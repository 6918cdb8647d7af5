"""Redis itself, started and stopped by a test."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Self

import redis
from running import free_port
from started import started


class RedisServer:
    """A Redis with its data in `folder`, perhaps a replica of another."""

    def __init__(self, folder: Path, *, replica_of: RedisServer | None = None, port: int = 0) -> None:
        self.port = port or free_port()
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        if replica_of:
            self._options += ["--replicaof", "127.0.0.1", str(replica_of.port)]
            self._options += ["--repl-diskless-sync-delay", "0", "--repl-diskless-load", "swapdb"]
        self.client = redis.Redis(port=self.port, socket_timeout=5)
        self.start()

    def start(self) -> None:
        command = ["redis-server", *self._options, "--repl-diskless-sync-delay", "0"]
        self.process = started(command, self._folder / "redis.log")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.client.ping()
                return
            except redis.RedisError:
                time.sleep(0.05)
        raise TimeoutError

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def freeze(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def verdict(self, number: str, absence: str = "", called: str = "100") -> list[str]:
        """What the function says: tenant, action, reason, id, match."""
        said = self.client.execute_command("FCALL_RO", "ringfence_verdict", 0, called, number, absence)
        return list(said.decode().split(" ", 4))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
