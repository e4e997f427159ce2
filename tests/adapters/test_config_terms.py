"""The [terms] of config.toml."""

from __future__ import annotations

import pytest

from bot.config import load
from bot.errors import ConfigError


@pytest.fixture
def config(tmp_path):
    def config(text, **environ):
        file = tmp_path / "config.toml"
        file.write_text(text, encoding="utf-8")
        return load(file, environ)

    return config


@pytest.fixture
def faults(config, tmp_path):
    def faults(text, **environ):
        with pytest.raises(ConfigError) as found:
            config(text, **environ)
        return str(found.value).replace(f"{tmp_path}/", "").splitlines()

    return faults


WATCHED = '[[subscriptions]]\nname = "Korea"\nchannel = "console:world"\nquery = "{}"\n'


def test_terms_are_known_by_their_names_in_lower_case(config):
    read = config('[terms]\nKim = \' "Kim Jong Un", 김정은\'\n"김정은" = \'Kim\'\n"@golf" = "golf"\n')
    assert read.glossary == {"kim": '"Kim Jong Un", 김정은', "김정은": "Kim", "golf": "golf"}
    assert config("").glossary == {}


def test_terms_may_use_one_another_in_any_order(config):
    assert list(config('[terms]\nkorea = "@kim, Pyongyang"\nkim = "Kim"\n').glossary) == ["korea", "kim"]


def test_the_environment_may_define_a_term(config):
    assert config("", NEWSBOT__TERMS__KIM="Kim Jong Un").glossary == {"kim": "Kim Jong Un"}


def test_queries_of_the_file_may_use_its_terms(config):
    read = config(WATCHED.format("@KIM AND summit") + '[terms]\nkim = "Kim"\n')
    assert read.subscription_rows[0].query == "@KIM AND summit"


def test_a_name_that_the_file_does_not_define_is_a_fault_of_the_query(faults):
    assert faults(WATCHED.format("@kin") + '[terms]\nkim = "Kim"\n') == [
        "config.toml, line 4: subscriptions[1].query: There is no term @kin here. Did you mean @kim?"
    ]


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        ('2nd = "x"', "line 2: terms.2nd: “2nd” cannot name a term. A name begins with a letter"),
        ('kim = "Kim"\nKIM = "Kim"', "line 3: terms.KIM: @kim is defined already (line 2)."),
        ("kim = 5", "line 2: terms.kim should be text in quotes, not 5."),
        ('kim = ""', "line 2: terms.kim: This query is empty."),
        ("kim = '\"Kim'", "line 2: terms.kim: The quote opened at character 1 never closes."),
        ('kim = "@lee, Kim"', "line 2: terms.kim: There is no term @lee here."),
        ('a = "@a"', "line 2: terms.a: @a uses itself. A term cannot rest on itself."),
        ('b = "@a"\na = "@b"', "line 3: terms.a: @a uses @b, which uses @a. A term cannot rest on itself."),
        ('korea = "@kim"\nkim = "-golf"', "line 3: terms.kim: “-golf” only says what must not be there"),
    ],
)
def test_what_is_wrong_with_a_term_is_said_once_with_its_line(faults, terms, fault):
    (line,) = faults(f"[terms]\n{terms}\n")
    assert line.startswith(f"config.toml, {fault}")


def test_terms_that_are_no_section_are_refused(faults):
    assert faults('terms = "kim"\n') == ["config.toml, line 1: terms should be a section, not “kim”."]


def test_a_fault_of_the_environment_is_told_as_such(faults):
    (line,) = faults("", NEWSBOT__TERMS__KIM="@lee")
    assert line.startswith("NEWSBOT__TERMS__KIM in the environment: terms.kim: There is no term @lee here.")


def test_the_name_of_a_term_is_no_secret(config, faults):
    assert config("[terms]\nsecret-service = '\"Secret Service\"'\n").glossary == {
        "secret-service": '"Secret Service"'
    }
    (line,) = faults("[terms]\nkim = 'xoxb-123456789012-abcdefghijkl'\n")
    assert "holds a secret" in line
