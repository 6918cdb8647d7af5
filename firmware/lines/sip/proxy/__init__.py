"""Proxy mode: Kamailio between the provider and the handsets, and the decision that it asks for."""
