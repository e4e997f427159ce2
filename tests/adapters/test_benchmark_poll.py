"""The poll benchmark runs, compares like with like, and writes its figures down."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.poll import Row, report

REPOSITORY = Path(__file__).parents[2]


def test_a_short_run_prints_a_table_and_writes_the_same_figures(tmp_path):
    file = tmp_path / "poll.json"
    command = [
        sys.executable,
        "-m",
        "benchmarks.poll",
        "--requests",
        "300",
        "--rounds",
        "2",
        "--json",
        str(file),
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=True)
    figures = json.loads(file.read_text())
    rows = [Row(**row) for row in figures["rows"]]
    assert [row.name for row in rows] == ["bare aiohttp", "newsbot"]
    assert rows[0].of_bare == 1
    assert figures["ratio"] == rows[1].of_bare > 0.2
    assert done.stdout.startswith(report(rows))
