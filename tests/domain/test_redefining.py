"""What becomes of terms and subscriptions when the terms of their workspace change."""

from __future__ import annotations

import pytest

from bot.domain.redefining import MOST_NAMED, redefine
from bot.errors import QueryError, UserError
from tests.builders import subscription

TERMS = {"kim": "Kim", "korea": "@kim, Pyongyang", "golf": "golf"}


def refusal(after, *subscriptions, before=TERMS):
    with pytest.raises(UserError) as refused:
        redefine(before, after, subscriptions)
    return str(refused.value)


def test_subscriptions_that_use_a_changed_term_directly_or_through_others_are_touched():
    direct, through = subscription("@kim AND summit"), subscription("@korea")
    others = subscription("Kim"), subscription('"@kim"'), subscription("@golf")
    after = TERMS | {"kim": "Kim Jong Un"}
    touched = redefine(TERMS, after, [direct, through, *others])
    assert [(one.query, dict(one.terms)) for one in touched] == [
        ("@kim AND summit", {"kim": "Kim Jong Un"}),
        ("@korea", {"kim": "Kim Jong Un", "korea": "@kim, Pyongyang"}),
    ]


def test_without_a_change_nothing_is_touched():
    assert redefine(TERMS, dict(TERMS), [subscription("@kim")]) == ()


def test_a_subscription_that_was_not_readable_is_touched_when_its_term_comes():
    (touched,) = redefine({}, {"kim": "Kim"}, [subscription("@kim")])
    assert touched.terms == {"kim": "Kim"}


def test_a_subscription_that_was_not_readable_before_stands_in_nobodys_way():
    broken = subscription("@kim NEAR/99 test")
    (touched,) = redefine(TERMS, TERMS | {"kim": "Jong"}, [broken])
    assert touched.terms == {"kim": "Jong"}


def test_a_term_that_is_used_cannot_go():
    after = {"korea": TERMS["korea"], "golf": "golf"}
    assert refusal(after, subscription("@kim, summit", name="Kim")) == (
        "@kim cannot go while it is used by the subscription “Kim” in console:world and the term @korea."
        " Change or remove that first."
    )
    assert redefine(TERMS, {"kim": "Kim", "korea": TERMS["korea"]}, [subscription("golf")]) == ()


def test_of_many_users_some_are_named():
    many = [subscription("@golf", name=f"s{number}") for number in range(MOST_NAMED + 2)]
    told = refusal({"kim": "Kim", "korea": TERMS["korea"]}, *many)
    assert "“s0” in console:world, the subscription “s1” in console:world, " in told
    assert told.endswith("the subscription “s4” in console:world and 2 more. Change or remove that first.")


def test_terms_cannot_rest_on_themselves():
    assert refusal(TERMS | {"kim": "@korea"}).startswith("@kim uses @korea, which uses @kim.")


def test_a_definition_must_be_readable_and_the_place_of_its_fault_is_known():
    with pytest.raises(QueryError, match="^@kim cannot be read. The quote") as refused:
        redefine(TERMS, TERMS | {"kim": 'Kim "Jong'}, [])
    assert (refused.value.position, refused.value.suggestion) == (4, 'Kim "Jong"')


def test_what_rests_on_a_definition_must_stay_readable():
    after = TERMS | {"kim": "Kim AND summit"}
    near = TERMS | {"near": "@kim NEAR/5 test"}
    assert refusal(after | {"near": near["near"]}, before=near).startswith(
        "@near could not be read any more."
    )
    assert refusal(after, subscription("@kim NEAR/5 test", name="Tests")).startswith(
        "The subscription “Tests” could not be read any more."
    )
