"""The interactive shell: statements and dot commands come in, results go out."""
