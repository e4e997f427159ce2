"""Who uses which terms, and that none rests on itself."""

from __future__ import annotations

import pytest

from bot.domain.query import describe_node, parse_query
from bot.domain.query.glossary import MAX_DEPTH, names_in, redefined, refuse_tangle, used_terms, users_of
from bot.domain.query.naming import read_name
from bot.errors import UserError

# ---------------------------------------------------------------- names in a text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@kim", {"kim"}),
        ("$kim AND @Trump", {"kim", "trump"}),
        ("(@kim, summit) -@golf", {"kim", "golf"}),
        ("title:@kim", {"kim"}),
        ("@kim NEAR/5 test", {"kim"}),
        ("＠ＫＩＭ", {"kim"}),
        ("@हिन्दी, @น้ำ", {read_name("हिन्दी"), read_name("น้ำ")}),
        ("@ΛΌΓΟΣ", {read_name("λόγος")}),
        ('"@kim"', set()),
        ("“@kim” @trump", {"trump"}),
        ("me@example", set()),
        ("$5bn", set()),
        ("summit", set()),
        ('@kim "never closed', set()),
    ],
)
def test_names_are_found_outside_quotes(text, names):
    assert names_in(text) == names


# ---------------------------------------------------------------- who rests on whom


TERMS = {"kim": "Kim Jong Un", "korea": "@kim, Pyongyang", "asia": "@korea, @japan", "golf": "golf"}


def test_a_text_rests_on_the_terms_that_it_names_and_on_theirs():
    assert used_terms("@korea AND summit", TERMS) == {"kim": TERMS["kim"], "korea": TERMS["korea"]}


def test_names_that_mean_nothing_are_left_out():
    assert list(used_terms("@asia, @nobody", TERMS)) == ["asia", "kim", "korea"]
    assert used_terms("summit", TERMS) == {}


def test_a_cycle_does_not_keep_it_for_ever():
    assert list(used_terms("@a", {"a": "@b", "b": "@a"})) == ["a", "b"]
    assert users_of(["a"], {"a": "@b", "b": "@a"}) == {"a", "b"}


def test_the_users_of_a_name_are_those_through_others_too():
    assert users_of(["kim"], TERMS) == {"korea", "asia"}
    assert users_of(["japan", "golf"], TERMS) == {"asia"}
    assert users_of(["asia"], TERMS) == frozenset()


def test_a_term_means_something_else_when_one_that_it_rests_on_does():
    assert redefined(TERMS, TERMS) == frozenset()
    assert redefined(TERMS, {**TERMS, "kim": "Kim Jong-un"}) == {"kim", "korea", "asia"}
    assert redefined(TERMS, {**TERMS, "japan": "Tokyo"}) == {"japan", "asia"}


def test_a_term_that_is_gone_takes_those_that_used_it_along():
    assert redefined(TERMS, {"golf": "golf", "asia": "Asia"}) == {"kim", "korea", "asia"}


# ---------------------------------------------------------------- cycles


def test_terms_that_rest_on_others_in_order_are_no_cycle():
    refuse_tangle(TERMS)
    refuse_tangle({})


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"a": "summit, @a"}, "@a uses itself."),
        ({"a": "@b", "b": "@a"}, "@a uses @b, which uses @a."),
        ({"c": "@b", "b": "@a", "a": "@c", "x": "@a"}, "@a uses @c, which uses @b, which uses @a."),
    ],
)
def test_a_cycle_is_told_with_its_way_round(terms, told):
    with pytest.raises(UserError, match=f"^{told} A term cannot rest on itself.$"):
        refuse_tangle(terms)


def test_a_chain_has_a_greatest_length():
    chain = {f"a{n}": f"@a{n + 1}" for n in range(1, MAX_DEPTH)} | {f"a{MAX_DEPTH}": "Kim"}
    refuse_tangle(chain)
    with pytest.raises(
        UserError, match="^@a0 rests on a chain of more than 10 terms. Write one of them out.$"
    ):
        refuse_tangle(chain | {"a0": "@a1"})


def test_chains_of_any_length_are_followed():
    chain = {f"a{n}": f"@a{n + 1}" for n in range(5000)}
    assert len(users_of(["a4999"], chain)) == 4999
    assert len(used_terms("@a0", chain)) == 5000
    with pytest.raises(UserError, match="rests on a chain"):
        refuse_tangle(chain)


# ---------------------------------------------------------------- reasons


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("@kim NEAR/5 test", '("Kim Jong Un", 김정은) NEAR/5 test'),
        ("title:(@kim NEAR/5 test)", '(title:"Kim Jong Un", title:김정은) NEAR/5 title:test'),
        ("@golf NEAR/3 x NEAR/4 y", "(golf NEAR/3 x) NEAR/4 y"),
        ("@near NEAR/9 @golf", "(a NEAR/2 b) NEAR/9 golf"),
        ("(Kim\nTrump) NEAR/5 test", "(Kim, Trump) NEAR/5 test"),
        ("(Kim, Trump)  NEAR/5 test", "(Kim, Trump) NEAR/5 test"),
        ("title:@golf", "title:golf"),
    ],
)
def test_a_reason_is_a_query_by_itself_whatever_names_it_was_written_with(query, reason):
    terms = {"kim": '"Kim Jong Un", 김정은', "golf": "golf", "near": "a NEAR/2 b"}
    (told,) = parse_query(query, terms).terms
    (again,) = parse_query(reason).terms
    assert told.text == reason
    assert (type(again), describe_node(again)) == (type(told), describe_node(told))
