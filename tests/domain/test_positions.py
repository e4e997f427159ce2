"""Where terms stand in a text that few ask, or many."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.document import Document
from bot.domain.evaluation import evaluate
from bot.domain.query import parse_query

PIECES = [
    "Kim",
    "Jong-un",
    "summit",
    "#summit",
    "cease-fire",
    "ceasefire",
    "김정은이",
    "金正恩",
    "G7-summits",
    "-",
    ".\n\n",
    "Kim's",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
QUERIES = [
    parse_query(query)
    for query in (
        "Kim Jong Un", "Jongun", "summit", "#summit", "ceasefire", "cease fire", "김정은", "正恩", "G7summit", "sum*", "=Kim",
        "Kim NEAR/2 summit", '"Kim summit"', "ceasef*", "Kim Jongun, un summit",
    )
]  # fmt: skip


@given(TEXTS, st.permutations(QUERIES))
def test_a_text_answers_the_last_of_many_as_the_first(text, queries):
    asked_often = Document("", text)
    for query in queries:
        assert evaluate(query, asked_often) == evaluate(query, Document("", text))
