"""Who a number is: its normal form, and whether it must never be blocked."""

from firmware.numbers.normal import prepare, segment, understand, without_punctuation
from firmware.numbers.protected import is_protected

__all__ = ["is_protected", "prepare", "segment", "understand", "without_punctuation"]
