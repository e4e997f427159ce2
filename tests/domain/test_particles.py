"""Korean particles."""

import pytest

from bot.domain.text.particles import PARTICLES, is_hangul, stems


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("김정은이", ["김정은"]),
        ("김정은은", ["김정은"]),
        ("김정은에게서", ["김정은"]),
        ("북한에서는", ["북한에서", "북한"]),
        ("미국으로부터의", ["미국으로부터", "미국으로", "미국"]),
        ("위원장이라고", ["위원장이", "위원장"]),
        ("후보였던", ["후보"]),
        ("나는", ["나"]),
        ("김정숙", []),
        ("북한산", []),
        ("이", []),
        ("에서", []),
        ("", []),
        ("nato는", ["nato"]),
    ],
)
def test_a_word_may_stand_without_each_particle_that_ends_it(word, expected):
    assert [stem for stem in stems(word) if stem in expected] == expected
    assert bool(list(stems(word))) is bool(expected)


def test_particles_are_made_of_syllables():
    assert all(is_hangul(char) for particle in PARTICLES for char in particle)
    assert "" not in PARTICLES


def test_only_syllables_are_hangul():
    assert is_hangul("가")
    assert is_hangul("힣")
    assert not is_hangul("ㅋ")
    assert not is_hangul("a")
