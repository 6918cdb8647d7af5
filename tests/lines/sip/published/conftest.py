"""Kamailio that decides by Redis, with the line that publishes."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "proxy"))
