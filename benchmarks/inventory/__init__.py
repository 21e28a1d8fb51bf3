"""Reorder points, and whether stock would have lasted."""
