from datetime import UTC, datetime

import pytest

from bot.domain.query import (
    AllOf,
    AnyOf,
    Fact,
    Kind,
    Near,
    Node,
    Not,
    Phrase,
    describe,
    describe_node,
    parse_query,
)
from bot.errors import QueryError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def shape(node: Node) -> str:
    """Write a tree with a bracket round every operator, so that a test can show how a query was read."""
    match node:
        case AllOf(parts):
            return f"({' & '.join(map(shape, parts))})"
        case AnyOf(parts):
            return f"({' | '.join(map(shape, parts))})"
        case Not(part):
            return f"!{shape(part)}"
        case Near():
            return f"({shape(node.left)} ~{node.distance} {shape(node.right)})"
        case Fact():
            return f"{node.field}={node.value}"
        case Phrase():
            marks = {Kind.BARE: "", Kind.QUOTED: '"', Kind.EXACT: "="}
            return f"{node.field + ':' if node.field else ''}{marks[node.kind]}{node.shown}"


def read(text: str, **terms: str) -> str:
    return shape(parse_query(text, terms).root)


def refused(text: str, **terms: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse_query(text, terms)
    return caught.value


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("Kim Jong Un", "Kim Jong Un"),
        ("Kim Jong Un, summit", "(Kim Jong Un | summit)"),
        ("Kim Jong Un\nsummit", "(Kim Jong Un | summit)"),
        ("- Kim Jong Un\r\n- summit\n", "(Kim Jong Un | summit)"),
        ("• Kim\n• summit", "(Kim | summit)"),
        ("a OR b, c", "(a | b | c)"),
        (",, Kim,, summit,", "(Kim | summit)"),
        ("Kim AND summit", "(Kim & summit)"),
        ("Kim AND summit OR Trump", "((Kim & summit) | Trump)"),
        ("Kim AND\nsummit", "(Kim & summit)"),
        ("Kim\nAND summit", "(Kim & summit)"),
        ('"Kim Jong Un" summit', '("Kim Jong Un & summit)'),
        ('"Kim Jong Un" AND summit -golf', '("Kim Jong Un & summit & !golf)'),
        ("Kim -North Korea", "(Kim & !North Korea)"),
        ("Kim NOT golf", "(Kim & !golf)"),
        ("Kim AND NOT golf", "(Kim & !golf)"),
        ("Kim +summit", "(Kim & summit)"),
        ("+Kim -golf", "(Kim & !golf)"),
        ("Kim, North Korea -golf", "(Kim | (North Korea & !golf))"),
        ("(Kim, North Korea) -golf", "((Kim | North Korea) & !golf)"),
        ("Kim -(golf, tennis)", "(Kim & !(golf | tennis))"),
        ('Kim -"golf club"', '(Kim & !"golf club)'),
        ('Kim -="Golf"', "(Kim & !=Golf)"),
        ("cease-fire", "cease-fire"),
        ("Kim - golf", "Kim - golf"),
        ("=WHO", "=WHO"),
        ("WHO =WHO", "(WHO & =WHO)"),
        ('="New York"', "=New York"),
        ("missile NEAR/5 test", "(missile ~5 test)"),
        ("(missile, rocket) NEAR/5 test", "((missile | rocket) ~5 test)"),
        ("a NEAR/3 b NEAR/4 c", "((a ~3 b) ~4 c)"),
        ("-missile NEAR/5 test AND Kim", "(!(missile ~5 test) & Kim)"),
        ("title:Kim Jong Un", "title:Kim Jong Un"),
        ("title: Kim", "title:Kim"),
        ("TITLE:Kim", "title:Kim"),
        ("title:(Kim, Trump AND summit)", "(title:Kim | (title:Trump & title:summit))"),
        ('title:"Kim" summit', '(title:"Kim & summit)'),
        ('title:="Kim"', "title:=Kim"),
        ("title:Kim NEAR/2 title:Un", "(title:Kim ~2 title:Un)"),
        ("site:politico.com Kim Jong Un", "(site=politico.com & Kim Jong Un)"),
        ("site:(bbc.co.uk, www.Politico.com) Kim", "((site=bbc.co.uk | site=politico.com) & Kim)"),
        ("site:https://www.Politico.com/ Kim", "(site=politico.com & Kim)"),
        ('site:"bbc.com"', "site=bbc.com"),
        ("lang:pt_BR Lula", "(lang=pt-br & Lula)"),
        ("tag:politics Kim Jong Un", "(tag:politics & Kim Jong Un)"),
        ('tag:"climate change"', 'tag:"climate change'),
        ("author:Quint Forgey AND Kim", "(author:Quint Forgey & Kim)"),
        ("source:=BBC Kim", "(source:=BBC & Kim)"),
        ("Breaking: Kim", "Breaking: Kim"),
        ("at 10:30 GMT", "at 10:30 GMT"),
        ("Trump & Kim", "Trump & Kim"),
        ("AT&amp;T", "AT&T"),
        ("“Kim Jong Un” summit", '("Kim Jong Un & summit)'),
        ("«Kim» summit", '("Kim & summit)'),
        ("（金正恩，峰会） －golf", "((金正恩 | 峰会) & !golf)"),
        ("金正恩、峰会", "(金正恩 | 峰会)"),
        ("1,000 dead, 24 hurt", "(1,000 dead | 24 hurt)"),
        ("$100 million", "$100 million"),
        ("summit, summit", "summit"),
        ("((Kim))", "Kim"),
        ("Kim NOT NOT golf", "(Kim & golf)"),
        ("-(-golf)", "golf"),
        ("(Kim, (Trump, Putin))", "(Kim | Trump | Putin)"),
        ("Kim — golf", "Kim - golf"),
        ("summit —golf", "(summit & !golf)"),
    ],
)
def test_a_query_is_read_as_its_grammar_says(typed, tree):
    assert read(typed) == tree


def test_a_named_term_stands_for_its_definition():
    kim = '"Kim Jong Un", 김정은'
    assert read("@kim AND summit", kim=kim) == '(("Kim Jong Un | 김정은) & summit)'
    assert read("$KIM -golf", kim=kim) == '(("Kim Jong Un | 김정은) & !golf)'
    assert read("title:@kim", kim=kim) == '(title:"Kim Jong Un | title:김정은)'
    assert read("@kim NEAR/5 missile", kim=kim) == '(("Kim Jong Un | 김정은) ~5 missile)'
    assert read('"@kim"', kim=kim) == '"@kim'


def test_a_query_tells_the_names_it_uses_directly_and_through_others():
    query = parse_query("@leaders AND summit", {"leaders": "@kim, Xi", "kim": "Kim"})
    assert query.names == {"leaders", "kim"}
    assert shape(query.root) == "((Kim | Xi) & summit)"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Kim Jong Un, summit", "the phrase “Kim Jong Un” or the word “summit”"),
        ('"summit" -golf', "the word “summit” as it stands, but without the word “golf”"),
        ("(Kim, Trump) AND summit", "(the word “Kim” or the word “Trump”) and the word “summit”"),
        ("=WHO", "the word “WHO” written exactly so"),
        ("denuclear*", "a word beginning with “denuclear”"),
        ("North Kor*", "a phrase beginning with “North Kor”"),
        ("missile NEAR/5 test", "the word “missile” with at most 5 words between it and the word “test”"),
        ("a NEAR/1 b", "the word “a” with at most one word between it and the word “b”"),
        ("title:Kim", "the word “Kim” in the headline"),
        ("Kim -site:bbc.com -golf", "the word “Kim”, but without the word “golf” and not on bbc.com"),
        ("Kim -lang:en", "the word “Kim”, but not in English"),
        ("site:bbc.com lang:fr Kim", "on bbc.com and in French and the word “Kim”"),
        ("lang:xx Kim", "in xx and the word “Kim”"),
        ("Kim -golf -tennis", "the word “Kim”, but without the word “golf” or the word “tennis”"),
        (
            "(Kim, Un -golf) Trump",
            "(the word “Kim” or (the word “Un”, but without the word “golf”)) and the word “Trump”",
        ),
        ("Kim -(-golf, tennis)", "the word “Kim”, but without (not the word “golf” or the word “tennis”)"),
        (
            "(-golf -tennis, Un) Kim",
            "((without the word “golf” or the word “tennis”) or the word “Un”) and the word “Kim”",
        ),
    ],
)
def test_a_query_says_itself_back_in_plain_english(typed, said):
    assert describe(parse_query(typed)) == said


def test_the_little_words_can_be_set_off():
    query = parse_query("Kim, Trump AND summit -golf")
    assert describe(query, lambda word: f"*{word}*") == (
        "the word “Kim” *or* (the word “Trump” *and* the word “summit”, but *without* the word “golf”)"
    )


def test_a_search_can_be_limited_in_time():
    query = parse_query("Kim after:2026-11-01 before:6h", now=NOW)
    assert [term.value for term in query.terms if isinstance(term, Fact)] == [
        datetime(2026, 11, 1, tzinfo=UTC),
        datetime(2026, 11, 23, 6, tzinfo=UTC),
    ]
    assert describe(query) == (
        "the word “Kim” and published since 1 Nov 2026 UTC and published before 23 Nov 2026 06:00 UTC"
    )


@pytest.mark.parametrize(
    "typed", ['"Kim Jong Un" AND summit -golf', "title:(a NEAR/2 b, c)", "@kim, tag:x", "site:a.example"]
)
def test_every_term_is_by_itself_a_query_that_says_the_same(typed):
    query = parse_query(typed, {"kim": "Kim, =UN"})
    for term in query.terms:
        again = parse_query(term.text).root
        assert describe_node(again) == describe_node(term)


@pytest.mark.parametrize(
    ("typed", "position", "says", "suggestion"),
    [
        ("", 0, "empty", None),
        (" , \n", 0, "empty", None),
        ('"Kim Jong Un AND summit', 0, "opened at character 1 never closes", '"Kim Jong Un" AND summit'),
        ("Kim “Jong", 4, "opened at character 5 never closes", 'Kim “Jong"'),
        ("Kim AND", 4, "Nothing stands after “AND”", "Kim"),
        ("AND Kim", 0, "Nothing stands before “AND”", "Kim"),
        ("Kim OR", 4, "Nothing stands after “OR”", "Kim"),
        ("OR Kim", 0, "Nothing stands before “OR”", "Kim"),
        ("Kim OR OR Un", 7, "Nothing stands before “OR”", "Kim OR Un"),
        ("Kim, AND Un", 5, "Nothing stands before “AND”", "Kim, Un"),
        ("Kim AND OR Un", 4, "Nothing stands after “AND”", "Kim OR Un"),
        ("Kim NOT", 4, "Nothing stands after “NOT”", "Kim"),
        ("Kim NEAR/5", 4, "Nothing stands after “NEAR/5”", "Kim"),
        ("NEAR/5 Kim", 0, "Nothing stands before “NEAR/5”", "Kim"),
        ("a NEAR b", 2, "needs the number", "a NEAR/5 b"),
        ("a NEAR/ b", 2, "needs the number", "a NEAR/5 b"),
        ("a NEAR/51 b", 2, "from 1 to 50", "a NEAR/50 b"),
        ("a NEAR/0 b", 2, "from 1 to 50", "a NEAR/1 b"),
        ("a NEAR/5 (b AND c)", 9, "join it with AND", "a AND (b AND c)"),
        ("a NEAR/5 -b", 9, "join it with AND", None),
        ("a NEAR/5 title:b", 2, "same field", "a AND title:b"),
        ("a NEAR/5 site:b.com", 9, "join it with AND", "a AND site:b.com"),
        ("(Kim", 0, "opened at character 1 never closes", "(Kim)"),
        ("((a) b", 0, "opened at character 1 never closes", "((a) b)"),
        ("Kim) Un", 3, "closes nothing", "Kim Un"),
        ("Kim ()", 4, "nothing in these brackets", "Kim"),
        ("()", 0, "nothing in these brackets", None),
        ("Kim, !!!", 5, "holds no word", "Kim,"),
        ('Kim ""', 4, "holds no word", "Kim"),
        ("-golf", 0, "for example: summit -golf", None),
        ("Kim, -golf", 5, "only says what must not be there", None),
        ("NOT (a AND b)", 0, "only says what must not be there", None),
        ("titel:Kim", 0, "“titel:” is not a field", "title:Kim"),
        ("foo:bar", 0, "is not a field", '"foo:bar"'),
        ("https://politico.com/x", 0, "A link is not a word", None),
        ("title:", 0, "needs a word", None),
        ("title: AND Kim", 0, "needs a word", None),
        ("title:(site:x.com)", 7, "cannot stand inside “title:”", None),
        ("site:politico", 5, "not the name of a site", None),
        ("site:bbc.com/news", 5, "not the name of a site", "site:bbc.com"),
        ("lang:english", 5, "not a language", None),
        ("after:2d", 6, "belongs to a search", None),
        ("= WHO", 0, "directly before", "=WHO"),
        ("Kim =", 4, "directly before", None),
        ("*bar", 0, "can only end", "bar"),
        ("fo*bar", 2, "can only end", "fobar"),
        ("Kim *", 4, "can only end", "Kim"),
        ("*", 0, "can only end", None),
        ("de*", 0, "at least 3 letters", "de"),
        ("Kim !!*", 4, "at least 3 letters", "Kim !!"),
        ("김*", 0, "at least 3 letters", "김"),
        ("@nobody", 0, "no term @nobody", '"@nobody"'),
        ("@kin", 0, "Did you mean @kim?", "@kim"),
        ("@kim’s x", 0, "goes on after @kim", '"@kim’s" x'),
        ("@loop", 0, "@loop, which uses @round, which uses @loop", None),
        ("@broken", 0, "In the term @broken: The bracket", None),
        ("AT&amp;T (Kim", 9, "opened at character 10", "AT&amp;T (Kim)"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused_with_place_and_fix(typed, position, says, suggestion):
    error = refused(typed, kim="Kim", loop="@round", round="@loop", broken="(Kim")
    assert says in str(error)
    assert error.position == position
    assert suggestion is None or error.suggestion == suggestion


@pytest.mark.parametrize(
    "typed", ["a NEAR b", '"Kim', "Kim AND", "titel:Kim", "Kim) Un", "site:bbc.com/x", "= WHO", "fo*bar"]
)
def test_every_suggestion_can_be_read(typed):
    suggestion = refused(typed).suggestion
    assert suggestion is not None
    assert parse_query(suggestion)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [('"Kim AND', '"Kim"'), ("((((Kim", "((((Kim))))"), ("AND a NEAR/99 b OR", "a NEAR/50 b"), ("(", None)],
)
def test_a_suggestion_mends_every_fault_or_is_none(typed, suggestion):
    assert refused(typed).suggestion == suggestion


def test_a_query_with_more_faults_than_anybody_types_gets_no_suggestion():
    assert refused("AND " * 50 + "Kim").suggestion is None


def test_a_time_that_cannot_be_read_is_refused_with_an_example():
    with pytest.raises(QueryError, match="after:2026-11-23"):
        parse_query("Kim after:tomorrow", now=NOW)


def test_parts_that_differ_in_their_dashes_only_are_one():
    assert read("cease-fire, cease–fire") == "cease-fire"
    assert len(parse_query('cease-fire, "cease-fire"').terms) == 2


def test_queries_are_limited_in_length_and_terms():
    assert "1,000 is the limit" in str(refused("x" * 1001))
    assert refused("x" * 1001).position == 1000
    assert "more than 64 terms" in str(refused(", ".join(f"w{n}" for n in range(65))))
    assert len(parse_query(", ".join(f"w{n}" for n in range(64))).terms) == 64
    many = ", ".join(f"w{n}" for n in range(60))
    assert "more than 64 terms" in str(refused("@many, a, b, c, d, e", many=many))


def test_prefixes_may_be_short_in_scripts_that_need_no_star():
    assert read("金*") == "金*"
    assert read("김정*") == "김정*"


def test_a_phrase_with_many_hyphens_is_read_with_blanks_only():
    phrase = parse_query("a1-b-c-d-e-f g").root
    assert isinstance(phrase, Phrase)
    assert len(phrase.spellings) == 1
    four = parse_query("a1-b c-d e-f g-h").root
    assert isinstance(four, Phrase)
    assert len(four.spellings) == 16
    five = parse_query("a1-b c-d e-f g-h i-j").root
    assert isinstance(five, Phrase)
    assert len(five.spellings) == 1


@pytest.mark.parametrize("typed", ["U.S.", "U.S.’s", "U.S.!", "l’U.S.", "Ｕ.Ｓ.", "U.\u00adS."])
def test_initials_typed_with_dots_are_not_the_word_that_they_spell(typed):
    phrase = parse_query(typed).root
    assert isinstance(phrase, Phrase)
    assert phrase.spellings[0][-1].exact == {"US", "U.S", "U.S."}


@pytest.mark.parametrize(("typed", "dotted"), [("=US", "U.S."), ("=США", "С.Ш.А."), ("=ΗΠΑ", "Η.Π.Α.")])
def test_short_capitals_typed_exactly_are_initials_too_in_every_script(typed, dotted):
    phrase = parse_query(typed).root
    assert isinstance(phrase, Phrase)
    assert phrase.exact == {typed[1:], dotted[:-1], dotted}


@pytest.mark.parametrize(
    ("typed", "spellings"),
    [
        ("cease-fire", {"cease fire", "ceasefire"}),
        ("Visual-C++", {"visual c++", "visualc++"}),
        ("a--b", {"a b"}),
        ("Kim-…Un", {"kim un"}),
        ("9-11", {"9 11"}),
        ("#G7-summit", {"#g7 summit"}),
        ("e-U.S.", {"e us"}),
    ],
)
def test_a_hyphen_may_be_left_out_where_nothing_else_stands(typed, spellings):
    phrase = parse_query(f'"{typed}"').root
    assert isinstance(phrase, Phrase)
    assert {" ".join(min(word.forms) for word in spelling) for spelling in phrase.spellings} == spellings
