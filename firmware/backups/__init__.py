"""Backups: all that the household has made, as text, and the folders in which it is kept."""
