"""Elasticities and best prices: contestants, each in a process of its own."""
