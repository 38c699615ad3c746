"""
Runs a program at a terminal of its own, for whoever has pipes only: the dev agent, which is Node.

``terminal.py ROWS COLUMNS PROGRAM ARGUMENT…``: what comes on standard input is typed, what the terminal shows goes to
standard output. Lines ``ROWS COLUMNS`` on file descriptor 3 resize the terminal; its end means that the agent is gone,
and the program is hung up. Ends as the program does. Standard library only: whatever Python there is will do.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

CONTROL = 3
PIECE = 64 * 1024
# So many bytes are kept of what the other side does not take; then no more is read.
MOST_KEPT = 256 * 1024
# Erasing a character erases all of its bytes (IUTF8; Python's termios does not name it).
INPUT_IS_UTF8 = 0x4000
# A terminal that nothing has open shows nothing, but can be opened again while the program lives.
LOOK_AGAIN_S = 0.2
HANG_UP_S = 1.0


def resize(terminal: int, rows: int, columns: int) -> None:
    """Tell the programs there that the terminal has this size."""
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def become(terminal: int, command: list[str]) -> None:
    """Make this process the program, in a session of its own that the terminal controls. Does not return."""
    try:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        settings = termios.tcgetattr(terminal)
        settings[0] |= INPUT_IS_UTF8
        termios.tcsetattr(terminal, termios.TCSANOW, settings)
        for descriptor in range(3):
            os.dup2(terminal, descriptor)
        # Python ignores these, and programs inherit that.
        for name in ("SIGPIPE", "SIGXFSZ"):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode(errors="replace"))
        os._exit(127 if isinstance(error, FileNotFoundError) else 126)


class Terminal:
    """What is read and not yet written, both ways."""

    def __init__(self, terminal: int, child: int) -> None:
        self.terminal = terminal
        self.child = child
        self.typed = bytearray()
        self.shown = bytearray()
        self.control = bytearray()
        self.input_is_open = True
        self.has_hung_up_until = 0.0
        self.status: int | None = None

    def run(self) -> int:
        """Copy until the program has ended and all is shown. Return its wait status."""
        while True:
            self._wait_for_child()
            if self.status is not None and self._is_all_shown():
                return self.status
            self._copy_once()

    def _is_all_shown(self) -> bool:
        """Whether nothing is left of what the program wrote: what it left behind is not waited for."""
        while len(self.shown) < MOST_KEPT:
            if not self._read_terminal():
                break
        return not self.shown

    def _wait_for_child(self) -> None:
        if self.status is None:
            pid, status = os.waitpid(self.child, os.WNOHANG)
            if pid == self.child:
                self.status = status

    def _copy_once(self) -> None:
        has_ended = self.status is not None
        hung_up = time.monotonic() < self.has_hung_up_until
        readers = [CONTROL, wakeup]
        if self.input_is_open and len(self.typed) < MOST_KEPT:
            readers.append(0)
        if not has_ended and not hung_up and len(self.shown) < MOST_KEPT:
            readers.append(self.terminal)
        writers = []
        if self.typed and not has_ended and not hung_up:
            writers.append(self.terminal)
        if self.shown:
            writers.append(1)
        readable, writable, _ = select.select(readers, writers, [], LOOK_AGAIN_S if hung_up else None)
        if wakeup in readable:
            os.read(wakeup, PIECE)
        if CONTROL in readable:
            self._read_control()
        if 0 in readable:
            self._read_input()
        if self.terminal in readable:
            self._read_terminal()
        if self.terminal in writable:
            self._write(self.terminal, self.typed)
        if 1 in writable:
            self._write(1, self.shown)

    def _read_input(self) -> None:
        try:
            data = os.read(0, PIECE)
        except OSError:
            data = b""
        self.typed += data
        self.input_is_open = data != b""

    def _read_terminal(self) -> bool:
        """Read what there is at once. Return whether there was something."""
        try:
            data = os.read(self.terminal, PIECE)
        except BlockingIOError:
            return False
        except OSError:
            # Linux says so when nothing has the terminal open.
            data = b""
        if data == b"":
            self.has_hung_up_until = time.monotonic() + LOOK_AGAIN_S
        self.shown += data
        return data != b""

    def _write(self, descriptor: int, data: bytearray) -> None:
        try:
            del data[: os.write(descriptor, data[:PIECE])]
        except BlockingIOError:
            return
        except OSError:
            if descriptor == 1:
                self._hang_up()
            data.clear()

    def _read_control(self) -> None:
        data = os.read(CONTROL, PIECE)
        if data == b"":
            self._hang_up()
        *lines, rest = (self.control + data).split(b"\n")
        self.control = bytearray(rest)
        if lines:
            rows, columns = lines[-1].split()
            resize(self.terminal, int(rows), int(columns))

    def _hang_up(self) -> None:
        """Nobody is there: end the program as a terminal that goes away does, and this process."""
        os.close(self.terminal)
        deadline = time.monotonic() + HANG_UP_S
        while self.status is None and time.monotonic() < deadline:
            self._wait_for_child()
            time.sleep(0.02)
        if self.status is None:
            os.killpg(self.child, signal.SIGKILL)
        sys.exit(1)


def end_as(status: int) -> None:
    """End as the program did."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    sys.exit(os.WEXITSTATUS(status))


# The agent's, not the program's.
os.set_inheritable(CONTROL, False)
rows, columns = int(sys.argv[1]), int(sys.argv[2])
primary, secondary = pty.openpty()
resize(primary, rows, columns)
# A byte comes here when the program ends.
wakeup, waker = os.pipe()
os.set_blocking(waker, False)
signal.set_wakeup_fd(waker)
signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
# Closed as the program begins: a Ctrl-C that is typed before would reach nobody.
begun, begins = os.pipe()
program = os.fork()
if program == 0:
    become(secondary, sys.argv[3:])
os.close(secondary)
os.close(begins)
os.read(begun, 1)
for one in (0, 1, CONTROL, primary):
    os.set_blocking(one, False)
end_as(Terminal(primary, program).run())
