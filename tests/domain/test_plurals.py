"""English singular and plural."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import counterparts
from bot.domain.text.plurals import IRREGULAR, NEVER

PAIRS = """
    summit summits  country countries  party parties  attorney attorneys  class classes  boss bosses  virus viruses
    box boxes  tax taxes  church churches  crash crashes  hero heroes  photo photos  video videos  veto vetoes  veto vetos
    war wars  job jobs  spy spies  bus buses  gas gases  tory tories  monday mondays  state states  right rights  base bases
    woman women  man men  spokeswoman spokeswomen  gunman gunmen  child children  person people  person persons
    wife wives  life lives  wolf wolves  thief thieves  crisis crises  analysis analyses  criterion criteria
    israeli israelis  iraqi iraqis  saudi saudis  houthi houthis  yazidi yazidis  hindu hindus  hutu hutus  nazi nazis
    taxi taxis  tsunami tsunamis  menu menus  bureau bureaus  oligarch oligarchs  monarch monarchs  tech techs
    missile missiles  chief chiefs  move moves  price prices  koreas korea  clinton clintons  river rivers  park parks
    field fields  bank banks  grave graves  hill hills  kim kims  emmy emmys  quiz quizzes  referendum referenda
    queen queens  well wells  wood woods  water waters  billing billings  f16 f16s  ak47 ak47s  t72b3 t72b3s
""".split()


@pytest.mark.parametrize(("one", "other"), list(zip(PAIRS[::2], PAIRS[1::2], strict=True)))
def test_singular_and_plural_find_each_other(one, other):
    assert other in counterparts(one)
    assert one in counterparts(other)


APART = """
    gate gates  william williams  adam adams  edward edwards  robert roberts  roger rogers  steven stevens  phillip phillips
    peter peters  daniel daniels  andrew andrews  michael michaels  richard richards  brook brooks  sander sanders
    new news  texa texas  pari paris  hama hamas  wale wales  serie series  specie species  mar mars  lao laos  corp corps
    economic economics  politic politics  physic physics  olympic olympics  good goods  custom customs  arm arms  aid aids
    time times  luca lucas  carlo carlos  marco marcos  france frances  mean means
    medium media  bu bus  us uses  boys boy's  congres congress  viru virus  crisi crisis  bas bass
    wolve wolf  israel israelis  city citys  box boxs  c c's  cas cases  doe does  may mays  will wills  abba abbas
    rhode rhodes  duma dumas  reeve reeves  stoke stokes  chao chaos  cosmo cosmos  barclay barclays
    1990 1990s  747 747s  50 50s  g7 g7s  c3po c3pos  f16 f16es  3d 3ds
""".split()  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pair
        for pair in list(zip(APART[::2], APART[1::2], strict=True))
        if pair not in {("un", "uns"), ("who", "whos"), ("even", "evens")}
    ],
)
def test_words_that_only_look_alike_do_not_find_each_other(one, other):
    assert other not in counterparts(one)
    assert one not in counterparts(other)


@pytest.mark.parametrize(
    "word",
    ["", "s", "es", "is", "f-16", "don't", "9/11", "ракета", "straße", "a1s", "#summits", "at&t", "２０s"],
)
def test_only_words_of_the_letters_a_to_z_and_designations_have_counterparts(word):
    assert counterparts(word) == frozenset()


def test_the_relation_is_not_passed_on():
    assert counterparts("lives") >= {"life", "live"}
    assert "live" not in counterparts("life")


WORDS = st.from_regex("[a-z]{0,8}([0-9]{0,2}s?|es|ies|y|i|u|o|ss|us|is|x|ch|sh)?", fullmatch=True)


@given(WORDS | st.sampled_from(sorted({*IRREGULAR, *IRREGULAR.values(), *NEVER})))
def test_the_relation_is_symmetric_and_never_of_a_word_with_itself(word):
    assert word not in counterparts(word)
    for other in counterparts(word):
        assert word in counterparts(other)


@given(WORDS)
def test_what_ends_in_ss_us_or_is_is_a_plural_by_the_list_only(word):
    for singular in counterparts(word):
        if len(singular) < len(word) and word.endswith(("ss", "us", "is")):
            assert IRREGULAR[singular] == word


def test_no_word_of_the_lists_contradicts_another():
    assert not NEVER & {*IRREGULAR, *IRREGULAR.values()}
    assert len({*IRREGULAR.values()}) == len(IRREGULAR)
    assert all(
        word.isascii() and word.isalpha() and word.islower()
        for word in (*NEVER, *IRREGULAR, *IRREGULAR.values())
    )


def test_the_list_holds_no_pair_that_the_rules_already_know():
    assert not {
        singular for singular, plural in IRREGULAR.items() if plural in {f"{singular}s", f"{singular}es"}
    } - {singular for singular in IRREGULAR if singular.endswith(("i", "u", "ch", "y"))}
