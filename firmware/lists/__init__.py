"""Lists of up to ten million numbers from elsewhere: downloaded, compiled and looked up."""

from firmware.lists.address import Refused
from firmware.lists.building import Built, Cancelled, build
from firmware.lists.compiled import ListDamaged, NumberList
from firmware.lists.downloading import Download, download
from firmware.lists.entries import NotAList

__all__ = [
    "Built",
    "Cancelled",
    "Download",
    "ListDamaged",
    "NotAList",
    "NumberList",
    "Refused",
    "build",
    "download",
]
