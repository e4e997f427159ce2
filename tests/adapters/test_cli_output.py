"""What commands write: for people on a terminal, for pipes, and for programs."""

from __future__ import annotations

import io
import json

import pytest
from rich.text import Text

from bot.cli.output import BAD, GOOD, Output, printable
from bot.domain.message import Run


@pytest.fixture
def write():
    """Write through an Output and return what came out."""

    def write(work, *, fancy=False, width=None):
        stream = io.StringIO()
        work(Output(stream, fancy, width))
        return stream.getvalue()

    return write


ROWS = [
    ("config", Text("ok", GOOD), "config.toml"),
    ("discord", Text("fails", BAD), "token refused by the server"),
]


def test_cells_stand_below_one_another(write):
    assert write(lambda out: out.rows(ROWS)) == (
        " config   ok     config.toml\n discord  fails  token refused by the server\n"
    )


def test_on_a_terminal_long_cells_wrap_below_themselves(write):
    assert write(lambda out: out.rows(ROWS), width=40) == (
        " config   ok     config.toml\n discord  fails  token refused by the\n                 server\n"
    )


def test_in_a_pipe_lines_stay_whole(write):
    assert write(lambda out: out.line("word " * 500)).count("\n") == 1


def test_colour_is_only_for_terminals(write):
    assert "\x1b[" in write(lambda out: out.rows(ROWS), fancy=True)
    assert "\x1b" not in write(lambda out: out.rows(ROWS))


def test_matched_words_stand_out_by_colour_or_by_marks(write):
    runs = (Run("leader "), Run("Kim", marked=True), Run(" said"))
    assert write(lambda out: out.line(out.marked(runs))) == "leader «Kim» said\n"
    coloured = write(lambda out: out.line(out.marked(runs)), fancy=True)
    assert "«" not in coloured
    assert "\x1b[1;33mKim\x1b[0m" in coloured


def test_what_feeds_write_is_no_markup_and_steers_nothing(write):
    said = write(lambda out: out.line("[red]x[/red] \x1b[2J\u202ey :smile:"))
    assert said == "[red]x[/red] [2Jy :smile:\n"
    assert write(lambda out: out.line(out.marked((Run("a\x1b]8;;evil\x07b"),)))) == "a]8;;evilb\n"
    assert printable("naïve 金正恩 “q”") == "naïve 金正恩 “q”"


def test_wide_letters_keep_the_columns_straight(write):
    assert write(lambda out: out.rows([("金正恩", "x"), ("Kim", "y")])) == " 金正恩  x\n Kim     y\n"


def test_rows_may_have_unequal_lengths(write):
    assert write(lambda out: out.rows([("a", "b", "c"), ("long alone",), ()])) == " a  b  c\n long alone\n\n"


def test_data_is_json_in_the_readers_letters(write):
    said = write(lambda out: out.json({"title": "金正恩", "at": 1.5}))
    assert "金正恩" in said
    assert json.loads(said) == {"title": "金正恩", "at": 1.5}


@pytest.mark.parametrize("variable", ["NO_COLOR", "TERM"])
def test_no_color_and_dumb_terminals_get_plain_text(variable):
    environ = {"NO_COLOR": "1"} if variable == "NO_COLOR" else {"TERM": "dumb"}
    assert not Output.standard(environ).fancy


def test_standard_output_that_is_no_terminal_is_plain_and_unwrapped():
    output = Output.standard({})
    assert not output.fancy
    assert output.width is None
