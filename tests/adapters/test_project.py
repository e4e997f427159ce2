"""What must hold of the project's own files: the lock, the image, the settings of the tools."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bot

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK = (ROOT / "requirements.lock").read_text()
# Written so that this file is no find of its own.
REGISTRY_HOSTS = re.compile(
    rb"py" rb"pi\.org|python" rb"hosted\.org|npm" rb"js\.org|docker" rb"\.io|crates" rb"\.io"
)


def entries(lock: str) -> list[str]:
    """Split a lock into its requirements, each in one line with its hashes."""
    lines = [line for line in lock.splitlines() if not line.lstrip().startswith("#")]
    return [entry for entry in "\n".join(lines).replace("\\\n", " ").splitlines() if entry.strip()]


def locked_versions() -> dict[str, list[str]]:
    """Map each locked name to its versions: there may be one per marker."""
    versions: dict[str, list[str]] = {}
    for entry in entries(LOCK):
        name, _, rest = entry.partition("==")
        versions.setdefault(canonicalize_name(name), []).append(re.split(r"[\s;]", rest)[0])
    return versions


def declared() -> list[str]:
    """Return every requirement of pyproject.toml: to run, to develop and to build."""
    project = PYPROJECT["project"]
    extras = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    return [*project["dependencies"], *extras, *PYPROJECT["build-system"]["requires"]]


def dockerfile() -> list[str]:
    """Return the instructions of the Dockerfile, continuation lines joined."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    return [line for line in "\n".join(lines).replace("\\\n", " ").splitlines() if line.strip()]


def instruction(word: str) -> str:
    """Return what the last such instruction of the Dockerfile says."""
    return [line.removeprefix(word).strip() for line in dockerfile() if line.startswith(f"{word} ")][-1]


def git(*arguments: str) -> str:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_every_locked_requirement_is_pinned_and_has_a_hash():
    assert len(entries(LOCK)) > len(PYPROJECT["project"]["dependencies"])
    for entry in entries(LOCK):
        assert re.fullmatch(r"[\w.-]+==[^\s;]+( ;[^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", entry), entry[
            :100
        ]


def test_the_lock_names_no_index_and_no_address():
    assert "://" not in LOCK
    assert not re.search(r"^\s*-(?!-hash=)", LOCK, re.MULTILINE)


def test_the_lock_satisfies_all_that_pyproject_asks_for():
    locked = locked_versions()
    for wanted in map(Requirement, declared()):
        versions = locked.get(canonicalize_name(wanted.name), [])
        assert versions, f"{wanted.name} is not in requirements.lock: run `make lock`"
        assert all(wanted.specifier.contains(version) for version in versions), f"{wanted}: run `make lock`"


def test_no_tracked_file_names_a_package_registry():
    files = [ROOT / name for name in git("ls-files", "-z").split("\0") if name]
    hits = [str(file) for file in files if file.is_file() and REGISTRY_HOSTS.search(file.read_bytes())]
    assert len(files) > 10
    assert not hits


@pytest.mark.parametrize(
    "name", ["config.toml", ".env", "newsbot.db", "newsbot.db-wal", ".venv/ready", "build/x"]
)
def test_settings_secrets_and_data_are_never_committed(name):
    assert git("check-ignore", name).strip() == name


def test_the_image_is_built_on_a_version_and_never_on_a_digest():
    bases = [line for line in dockerfile() if line.startswith(("ARG BASE", "FROM "))]
    assert "ARG BASE=python:3.13-slim" in bases
    assert not [line for line in bases if "@" in line or "sha256" in line]


def test_the_image_checks_hashes_and_then_installs_from_nowhere_else():
    steps = re.findall(r"pip(?: --python \S+)? (?:install|wheel)[^&]*", "\n".join(dockerfile()))
    assert "--require-hashes" in steps[0]
    assert len(steps) > 1
    assert all("--no-index" in step or "--no-deps --no-build-isolation" in step for step in steps[1:])


def test_the_image_runs_as_nobody_in_particular():
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", instruction("USER"))


def test_the_image_starts_newsbot_without_a_shell():
    assert json.loads(instruction("ENTRYPOINT")) == ["newsbot"]
    assert json.loads(instruction("CMD")) == ["run"]


def test_the_health_check_of_the_image_is_a_command_that_exists():
    command = json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
    assert command == ["newsbot", "status", "--health"]
    newsbot = str(Path(sys.executable).with_name("newsbot"))
    wide = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    shown = subprocess.run(
        [newsbot, "status", "--help"], env=wide, capture_output=True, text=True, check=True
    )
    assert "--health" in shown.stdout


def test_exactly_one_warning_is_excused():
    first, *excused = PYPROJECT["tool"]["pytest"]["ini_options"]["filterwarnings"]
    assert first == "error"
    assert len(excused) == 1
    assert "audioop" in excused[0]


def test_ci_runs_the_same_check_as_a_developer():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().rstrip().endswith('exec make check "$@"')


def test_one_version_stands_everywhere():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert PYPROJECT["project"]["version"] == bot.__version__ == headings[0]
