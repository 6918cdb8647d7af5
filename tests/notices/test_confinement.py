"""The limits, each tried in an interpreter of its own that has them."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, socket, subprocess, sys, syslog
from firmware.notices.confinement import confine
confine(lan={lan})
try:
    {attempt}
except Exception as error:
    print(type(error).__name__)
"""


def tried(attempt: str, *, lan: bool = False) -> str:
    """What comes of an attempt: the name of the error, or nothing."""
    script = SCRIPT.format(lan=lan, attempt=attempt)
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('127.0.0.1', 9), 1)",
        "socket.create_connection(('localhost', 9), 1)",
        "socket.socket().connect(('localhost', 9))",
        "socket.socket().connect_ex(('::ffff:10.0.0.1', 9))",
        "socket.socket(socket.AF_INET6).connect(('::ffff:127.0.0.1', 9))",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.168.1.1', 9))",
        "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], (), 0, ('192.168.1.1', 9))",
        "socket.socket(socket.AF_UNIX).connect('/run/systemd/notify')",
        "socket.socket().bind(('127.0.0.1', 0))",
        "subprocess.run(['/bin/true'])",
        "os.system('true')",
        "os.execv('/bin/true', ['true'])",
        "syslog.syslog('x')",
        "open('/etc/passwd')",
        "os.open('/proc/self/environ', os.O_RDONLY)",
        "open(sys.executable + '/../x', 'w')",
        "os.remove('/tmp/none')",
    ],
)
def test_what_no_message_needs_is_refused(attempt: str) -> None:
    assert tried(attempt) == "PermissionError"


def test_on_the_lan_a_machine_in_the_house_is_asked() -> None:
    assert tried("socket.create_connection(('127.0.0.1', 1), 1)", lan=True) == "ConnectionRefusedError"


def test_the_program_itself_is_read() -> None:
    assert tried(f"open({str(Path(subprocess.__file__))!r}).read(); import csv") == ""
