"""Lines over SIP: one more extension of a registrar, with its stack in a process of its own, or a proxy."""
