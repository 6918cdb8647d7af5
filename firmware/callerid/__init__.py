"""Caller-ID messages: formatted modem text, SDMF and MDMF packets, ETSI, DTMF."""

from firmware.callerid.parser import Parser

__all__ = ["Parser"]
