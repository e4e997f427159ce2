"""English singular and plural: a relation between words as they are printed, not a stem.

It holds for pairs, and is not passed on: wolf and wolves, wolve and wolves, but not wolf and wolve.
"""

from __future__ import annotations

import re
from functools import cache

_PEOPLE = (
    "woman/women man/men congressman/congressmen congresswoman/congresswomen councilman/councilmen "
    "assemblyman/assemblymen alderman/aldermen statesman/statesmen chairman/chairmen chairwoman/chairwomen "
    "spokesman/spokesmen spokeswoman/spokeswomen spokesperson/spokespeople person/people businessman/businessmen "
    "businesswoman/businesswomen policeman/policemen policewoman/policewomen gunman/gunmen lawman/lawmen "
    "fireman/firemen airman/airmen seaman/seamen crewman/crewmen serviceman/servicemen servicewoman/servicewomen "
    "guardsman/guardsmen militiaman/militiamen infantryman/infantrymen rifleman/riflemen marksman/marksmen "
    "fisherman/fishermen countryman/countrymen tribesman/tribesmen clergyman/clergymen gentleman/gentlemen cameraman/cameramen "
    "salesman/salesmen sportsman/sportsmen sportswoman/sportswomen craftsman/craftsmen workman/workmen "
    "foreman/foremen freshman/freshmen middleman/middlemen hitman/hitmen layman/laymen nobleman/noblemen "
    "ombudsman/ombudsmen englishman/englishmen frenchman/frenchmen irishman/irishmen dutchman/dutchmen "
    "welshman/welshmen scotsman/scotsmen child/children grandchild/grandchildren schoolchild/schoolchildren "
    "stepchild/stepchildren wife/wives housewife/housewives midwife/midwives thief/thieves"
)
_OLD_FORMS = (
    "foot/feet tooth/teeth mouse/mice goose/geese life/lives knife/knives leaf/leaves loaf/loaves half/halves "
    "calf/calves wolf/wolves shelf/shelves scarf/scarves quiz/quizzes"
)
_LEARNED_FORMS = (
    "crisis/crises analysis/analyses diagnosis/diagnoses synthesis/syntheses thesis/theses hypothesis/hypotheses "
    "oasis/oases criterion/criteria phenomenon/phenomena referendum/referenda memorandum/memoranda "
    "curriculum/curricula bacterium/bacteria alumnus/alumni fungus/fungi nucleus/nuclei stimulus/stimuli "
    "index/indices appendix/appendices formula/formulae"
)
_ENDING_IN_I_OR_U = (
    "israeli/israelis iraqi/iraqis saudi/saudis emirati/emiratis qatari/qataris kuwaiti/kuwaitis bahraini/bahrainis "
    "omani/omanis yemeni/yemenis houthi/houthis pakistani/pakistanis bangladeshi/bangladeshis afghani/afghanis "
    "azerbaijani/azerbaijanis azeri/azeris alawi/alawis kashmiri/kashmiris punjabi/punjabis bengali/bengalis nepali/nepalis somali/somalis "
    "maori/maoris tutsi/tutsis hutu/hutus zulu/zulus sunni/sunnis yazidi/yazidis salafi/salafis wahhabi/wahhabis "
    "sufi/sufis jihadi/jihadis hindu/hindus nazi/nazis rabbi/rabbis mufti/muftis guru/gurus taxi/taxis "
    "safari/safaris tsunami/tsunamis alibi/alibis emoji/emojis menu/menus bureau/bureaus plateau/plateaus"
)
_CH_LIKE_K_AND_AWARDS = (
    "oligarch/oligarchs monarch/monarchs patriarch/patriarchs matriarch/matriarchs czech/czechs epoch/epochs "
    "stomach/stomachs loch/lochs tech/techs emmy/emmys grammy/grammys"
)
_PAIRS = f"{_PEOPLE} {_OLD_FORMS} {_LEARNED_FORMS} {_ENDING_IN_I_OR_U} {_CH_LIKE_K_AND_AWARDS}"
IRREGULAR = {singular: plural for singular, _, plural in (pair.partition("/") for pair in _PAIRS.split())}
"""Singular → plural, where the rules do not lead from one to the other."""

_PLACES = (
    "texas kansas arkansas dallas vegas orleans paris athens brussels wales rhodes lagos laos mars philippines netherlands "
    "americas indies rockies"
)
_GIVEN_NAMES = (
    "james charles thomas douglas nicholas nicolas lucas lukas elias andreas andres carlos marcos georges frances "
    "hans jens nils wills"
)
_FAMILY_NAMES = (
    "abbas abrams adams andrews brooks chaos childs clements collins combs connors cummings daniels davids davies "
    "dumas edmonds edwards evans franks gates gibbs givens griffiths grimes hanks hastings hawkes hayes hicks humphreys isaacs "
    "jacobs johns jones lyons martins mathews matthews mays meyers michaels montes morales mullins myers nichols owens parsons peters "
    "philips phillips reeves richards roberts rodgers rogers rubens samuels sanders santos simons soros stephens stevens "
    "stokes torres walters williams"
)
_FIRMS_AND_GROUPS = "ares barclays canvas cas christies cosmos hamas lloyds oas sachs sears"
_SUBJECTS = (
    "politics economics mathematics physics genetics electronics robotics dynamics logistics analytics cosmetics "
    "ethics optics gymnastics athletics olympics paralympics"
)
_OTHER_SENSES = (
    "news series species means headquarters barracks times goods customs clothes shorts overalls jeans "
    "remains proceeds thanks riches premises basics specifics commons mains rapids amends "
    "arms odds aids sars mers cans corps does dos los pants summons tights ours yours hers theirs"
)
# Judged by what the word is in the news nine times out of ten. A name that is as well the everyday plural of an
# everyday word is none of these: queens, wells, waters, woods, banks and rivers are more often that than Queens or Tiger
# Woods, and whoever types a capital is told how to ask for the name only. Goods, arms, customs and times are another
# thing than good, arm, custom and time: “at 9 New York time” is no news of the New York Times.
NEVER = frozenset(
    f"{_PLACES} {_GIVEN_NAMES} {_FAMILY_NAMES} {_FIRMS_AND_GROUPS} {_SUBJECTS} {_OTHER_SENSES}".split()
)
"""Words that only look like the plural of another, or that mean something else than it."""

_WORD = re.compile("[a-z0-9]+")
_DESIGNATION = re.compile("[a-z0-9]*[a-z][a-z0-9]*[0-9]")
"""What is counted like a word: F-16s, AK-47s. A number is not: 1990 is one year, and the 1990s are ten."""
_SHORTEST = 3
"""Letters of a singular: a word of fewer than four is never taken for a plural."""
_TAKES_IES = re.compile("[^aeiou]y$")
_TAKES_ES = re.compile("(?:[sxz]|[cs]h|[^aeiou]o)$")
_TAKES_NO_S = re.compile("(?:[sxz]|[cs]h|[^aeiou]y)$")
_NO_PLURAL = ("ss", "us", "is")


def counterparts(norm: str) -> frozenset[str]:
    """Return the plurals of a folded word and what it is a plural of; nothing if it has neither."""
    if norm in NEVER or not _WORD.fullmatch(norm):
        return frozenset()
    return frozenset((_plurals(norm) | _singulars(norm)) - NEVER)


def _plurals(word: str) -> set[str]:
    found = {IRREGULAR[word]} if word in IRREGULAR else set()
    if len(word) < _SHORTEST:
        return found
    if not word.isalpha():
        return {f"{word}s"} if _DESIGNATION.fullmatch(word) else set()
    if _TAKES_IES.search(word):
        found.add(f"{word[:-1]}ies")
    if _TAKES_ES.search(word):
        found.add(f"{word}es")
    if not _TAKES_NO_S.search(word) and not f"{word}s".endswith(_NO_PLURAL):
        found.add(f"{word}s")
    return found


def _singulars(word: str) -> set[str]:
    """Return those of the words it could be made of that have it as their plural."""
    irregular = _irregular_singulars().get(word)
    found = {irregular} if irregular else set()
    endings = (("s", ""), ("es", ""), ("ies", "y"))
    candidates = (
        word.removesuffix(plural) + singular for plural, singular in endings if word.endswith(plural)
    )
    return found | {candidate for candidate in candidates if word in _plurals(candidate)}


@cache
def _irregular_singulars() -> dict[str, str]:
    return {plural: singular for singular, plural in IRREGULAR.items()}
