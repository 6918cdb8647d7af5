"""Who a number is: its normal form, what its digits tell, and whether it must never be blocked."""

from firmware.numbers.identity import Identity, Kind, identify
from firmware.numbers.normal import look_alikes, prepare, segment, understand, without_punctuation
from firmware.numbers.protected import Standing, is_protected, standing

__all__ = [
    "Identity",
    "Kind",
    "Standing",
    "identify",
    "is_protected",
    "look_alikes",
    "prepare",
    "segment",
    "standing",
    "understand",
    "without_punctuation",
]
