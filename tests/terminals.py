"""The other end of a pseudo-terminal: what a program shows there."""

from __future__ import annotations

import asyncio
import os


class Screen:
    """What a terminal has shown."""

    def __init__(self, descriptor: int) -> None:
        self.text = ""
        self._descriptor = descriptor
        self._more = asyncio.Event()
        asyncio.get_running_loop().add_reader(descriptor, self._read)

    def _read(self) -> None:
        try:
            self.text += os.read(self._descriptor, 65536).decode("utf-8", "replace")
        except OSError:  # the other end is closed
            asyncio.get_running_loop().remove_reader(self._descriptor)
        self._more.set()

    async def until(self, text: str) -> None:
        """Wait until it shows something."""
        async with asyncio.timeout(45):
            while text not in self.text:
                self._more.clear()
                await self._more.wait()

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
