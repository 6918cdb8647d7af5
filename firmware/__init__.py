"""Ringfence: a phone line goes in, a verdict comes out, and everything else explains it."""
