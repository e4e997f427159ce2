"""Make .venv ready: every package of requirements.lock, checked against its hash, and newsbot itself.

`make` calls this whenever the lock or pyproject.toml may have changed. What has been done is written to .venv/ready at the very
end, so a run that was interrupted leaves no such file, and the next one starts afresh. Standard library only.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, STDOUT

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
READY = VENV / "ready"
LOG = VENV / "install.log"
PIP = [
    str(VENV / "bin" / "python"), "-m", "pip", "install",
    "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
]  # fmt: skip


def main() -> None:
    """Bring .venv to the state that the lock and pyproject.toml describe, doing only what is missing."""
    with only_one():
        wanted = [sys.version.split()[0], str(ROOT), digest(LOCK), digest(ROOT / "pyproject.toml")]
        done = READY.read_text().splitlines() if READY.is_file() else []
        if done != wanted:
            READY.unlink(missing_ok=True)
            bring_up(afresh=done[:2] != wanted[:2], packages=done[:3] != wanted[:3])
        READY.write_text("\n".join(wanted))


def bring_up(*, afresh: bool, packages: bool) -> None:
    """Make the environment if it is to be made afresh, install the lock if its packages changed, then newsbot."""
    started = time.monotonic()
    if afresh:
        say(f"making .venv with Python {sys.version.split()[0]}")
        venv.create(VENV, clear=True, with_pip=True)
    if packages:
        say("installing its packages, each checked against its hash; the first time takes about a minute")
        install("--require-hashes", "-r", str(LOCK))
    install("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    if packages:
        say(f"ready after {time.monotonic() - started:.0f} s")


@contextmanager
def only_one() -> Iterator[None]:
    """Wait until no other run of this file, nor a pip it left behind, is at work in this checkout."""
    with Path(__file__).open() as this_file:
        os.set_inheritable(this_file.fileno(), True)  # pip holds the lock too, should this process be killed
        fcntl.flock(this_file, fcntl.LOCK_EX)
        yield


def digest(file: Path) -> str:
    """Return the SHA-256 of a file's bytes as hex."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def install(*arguments: str) -> None:
    """Run pip, show how far it is, and end the program with the reason if it fails."""
    command = [*PIP, *arguments]
    with (
        LOG.open("w") as log,
        subprocess.Popen(command, stdout=PIPE, stderr=STDOUT, text=True, close_fds=False) as pip,
    ):
        for line in pip.stdout or ():
            log.write(line)
            show(line)
    show("")
    if pip.returncode:
        end = "\n".join(LOG.read_text().splitlines()[-15:])
        sys.exit(f"newsbot: pip could not install everything. It said:\n{end}\nAll of it is in {LOG}.")


def show(line: str) -> None:
    """Say on the terminal, in one line that is overwritten, what pip is at; an empty line clears it."""
    step = re.match(r"Collecting ([^\s=]+)|(Installing)", line)
    if sys.stderr.isatty() and (step or not line):
        text = f"  {step[1] or 'unpacking'} …" if step else ""
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def say(text: str) -> None:
    """Tell the person in front of the terminal, away from what a program prints on standard output."""
    print(f"newsbot: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nnewsbot: stopped half-way; the next call starts afresh.")
