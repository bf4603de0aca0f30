"""Read the keyboard and the mouse from a terminal that may send any bytes."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver


class TolerantDriver(LinuxDriver):
    """The driver of Textual, which leaves out what is not UTF-8 instead of ending the app."""

    def run_input_thread(self) -> None:
        """Take what the terminal sends until the app ends."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
