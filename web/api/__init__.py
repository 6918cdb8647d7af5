"""The JSON API: what the page does, for programs. A module for each room; its document is `web.openapi`."""

from web.api import archive, complaints, lists, people, rules, state
from web.api.asking import blueprint

__all__ = ["archive", "blueprint", "complaints", "lists", "people", "rules", "state"]
