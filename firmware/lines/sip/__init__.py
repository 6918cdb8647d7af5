"""Ringfence as one more extension of a SIP registrar: it rings along with the phones, and takes what is not wanted."""
