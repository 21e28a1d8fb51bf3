"""Time and memory as data grows, and what SQL adds to the models."""
