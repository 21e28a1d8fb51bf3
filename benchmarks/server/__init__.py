"""The server under load: what it streams, how long clients wait, what connections leave behind."""
