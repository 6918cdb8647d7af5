"""Where calls come from, and how one is rejected."""
