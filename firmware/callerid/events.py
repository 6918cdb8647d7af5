"""What a modem line says, one event at a time."""

from __future__ import annotations

from dataclasses import dataclass

from firmware.call import CallerId


@dataclass(frozen=True, slots=True)
class Ring:
    """One ring burst. `pattern` is the distinctive-ring code where the modem gives one (`RING B`)."""

    raw: str
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A line of an answer to an AT command, final result codes (`OK`, `ERROR`, `NO CARRIER`) included."""

    text: str


@dataclass(frozen=True, slots=True)
class Hook:
    """The handset was lifted, or put down (`<DLE>H`, `<DLE>h` of ITU-T V.253), where the modem sees that."""

    lifted: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of the network that is no call (message waiting, charge), and rings nobody."""

    raw: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """What could not be understood, kept as it came (at most 256 characters)."""

    raw: str


Event = Ring | CallerId | Hook | Reply | Notice | Unknown
