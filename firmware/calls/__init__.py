"""Calls that have been: their log, whose they were, what they came to, and how other rules would judge them."""
