"""The board: files that the firmware, the installer and the documentation read."""
