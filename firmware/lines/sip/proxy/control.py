"""Kamailio's control socket: JSON-RPC over Unix datagrams (module `jsonrpcs`)."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

ANSWER_SECONDS = 5.0
MOST_BYTES = 1 << 16


def ask(folder: Path, method: str, *params: str) -> Any:
    """What the Kamailio whose files are in `folder` answers. Raises OSError."""
    own = folder / f"asking-{os.getpid()}"
    own.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking:
        asking.bind(str(own))
        try:
            asking.settimeout(ANSWER_SECONDS)
            question = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
            asking.sendto(json.dumps(question).encode(), str(folder / "control"))
            answer = json.loads(asking.recv(MOST_BYTES))
            if "result" not in answer:
                raise ValueError(answer)
        except ValueError as error:
            raise OSError(f"Kamailio does not {method}: {error}") from error
        finally:
            own.unlink()
    return answer["result"]
