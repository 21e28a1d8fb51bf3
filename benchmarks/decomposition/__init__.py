"""Series taken apart: contestants, each in a process of its own."""
