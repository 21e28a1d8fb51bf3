"""A program in a pseudo-terminal, and what it writes there."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?<>=]*[A-Za-z]|\][^\x07]*\x07|[()].|[=>])")
WAIT = 60


class Terminal:
    """``python -m ecomsql.cli`` with these arguments, in a window of 30 lines and 100 columns."""

    def __init__(self, *arguments, cwd, state, env=None):
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (30, 100))
        usual = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ecomsql.cli", *map(str, arguments)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: _take(theirs),
            env={
                **usual,
                "TERM": "xterm",
                "PROMPT_TOOLKIT_NO_CPR": "1",
                "PROMPT_TOOLKIT_COLOR_DEPTH": "DEPTH_1_BIT",
                "PAGER": "cat",
                "XDG_STATE_HOME": str(state),
                **(env or {}),
            },
        )
        os.close(theirs)
        self._new = ""
        self._asked = 0

    def send(self, keys):
        os.write(self._ours, keys.encode())

    def expect(self, text, seconds=WAIT):
        """Wait for a text, and return what came up to its end."""
        until = time.monotonic() + seconds
        while text not in self._new:
            left = until - time.monotonic()
            assert left > 0, f"no {text!r} in {self._new!r}"
            if select.select([self._ours], [], [], min(left, 0.5))[0]:
                self._new += self._read()
        seen, _, self._new = self._new.partition(text)
        return seen + text

    def ask(self, text):
        """Type a text and Enter; return what is there by the next prompt."""
        self._asked += 1
        # What is typed is shown as well, and in other words than what is printed.
        self.send(f"{text}\r.print '<{self._asked}' '>'\r")
        return self.expect(f"<{self._asked} >") + self.expect(">")

    def wait(self):
        """Return the exit code, once the program has ended."""
        code = self._process.wait(WAIT)
        os.close(self._ours)
        self._ours = None
        return code

    def close(self):
        self._process.kill()
        self._process.wait()
        if self._ours is not None:
            os.close(self._ours)

    def _read(self):
        try:
            # What is cut in the middle of a letter or an escape waits for the rest.
            return _ESCAPES.sub("", os.read(self._ours, 65536).decode(errors="replace"))
        except OSError as error:
            raise AssertionError(f"the program has ended after {self._new!r}") from error


_LEFT_OUT = ("LESS", "NO_COLOR", "LINES", "COLUMNS")


def _take(terminal):
    """Make the terminal the one that Ctrl-C comes from."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
