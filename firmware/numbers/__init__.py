"""Who a number is: its normal form, what its digits tell, and whether it must never be blocked."""

from firmware.numbers.identity import Identity, Kind, identify
from firmware.numbers.normal import prepare, segment, understand, without_punctuation
from firmware.numbers.protected import is_protected, is_utility

__all__ = [
    "Identity",
    "Kind",
    "identify",
    "is_protected",
    "is_utility",
    "prepare",
    "segment",
    "understand",
    "without_punctuation",
]
