"""A whole machine with a kernel of its own, emulated by qemu: its page is reached from here, and a root shell behind
its serial port.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

BOOT_SECONDS = 400.0

_BOARDS = {
    "x86_64": ["qemu-system-x86_64", "-cpu", "max"],
    "aarch64": ["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a53", "-smp", "2"],
}
_serial = itertools.count()


class Machine:
    """One that runs, with its disk `image`, started from the folder `boot`, and with what it keeps in `folder`; at the
    end its plug is pulled.
    """

    def __init__(self, folder: Path, image: Path, boot: Path, *options: str | Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._monitor, self._shell = folder / "monitor", folder / "shell"
        (kernel,), (initrd,) = boot.glob("vmlinuz-*"), boot.glob("initrd.img-*")
        architecture = "x86_64" if kernel.name.endswith("-amd64") else "aarch64"
        self._process = subprocess.Popen(
            [
                *_BOARDS[architecture], "-accel", "tcg", "-m", "512", "-display", "none", "-no-reboot",
                "-kernel", kernel, "-initrd", initrd, "-append", "root=/dev/vda rw console=tty0 quiet",
                "-drive", f"file={image},format=raw,if=virtio",
                "-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{self.port}-:8080", "-device", "virtio-net,netdev=net",
                "-serial", f"unix:{self._shell},server=on,wait=off",
                "-qmp", f"unix:{self._monitor},server=on,wait=off",
                *options,
            ]
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def plug(self, command: str, **arguments: str) -> None:
        """A command to qemu's monitor."""
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.connect(str(self._monitor))
            answers = monitor.makefile()
            answers.readline()
            for name, given in (("qmp_capabilities", {}), (command, arguments)):
                monitor.sendall(json.dumps({"execute": name, "arguments": given}).encode() + b"\n")
                while (answer := json.loads(answers.readline())) and "event" in answer:
                    pass
                assert "return" in answer, answer

    def root(self, command: str, within: float = BOOT_SECONDS) -> str:
        """What a command prints in the machine's root shell, which must not be silent for longer. Raises OSError."""
        mark = f"{next(_serial)}."
        with socket.socket(socket.AF_UNIX) as shell:
            shell.settimeout(within)
            shell.connect(str(self._shell))
            shell.sendall(f"\necho B''EGIN {mark}; {{ {command}; }} 2>&1; echo E''ND {mark}\n".encode())
            heard = ""
            while f"END {mark}" not in heard:
                if not (more := shell.recv(4096)):
                    raise ConnectionError("the machine is off")
                heard += more.decode(errors="replace").replace("\r", "")
        return heard.partition(f"BEGIN {mark}")[2].rpartition(f"END {mark}")[0].strip()

    def wait(self) -> float:
        """Seconds until its root shell answers. Raises TimeoutError."""
        start = time.monotonic()
        while (took := time.monotonic() - start) < BOOT_SECONDS:
            with contextlib.suppress(OSError):
                self.root("true", 5)
                return took
            time.sleep(0.5)
        raise TimeoutError(f"no root shell within {BOOT_SECONDS:.0f} s")

    def shut_down(self) -> None:
        """Orderly, as before a reboot. Raises subprocess.TimeoutExpired."""
        self.root("systemctl --no-block reboot")
        self._process.wait(BOOT_SECONDS)
