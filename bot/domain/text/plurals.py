"""English singular and plural: a relation between words as they are printed, not a stem.

It holds for pairs, and is not passed on: wolf and wolves, wolve and wolves, but not wolf and wolve.
"""

from __future__ import annotations

import re
from functools import cache

_PEOPLE = (
    "woman/women man/men congressman/congressmen congresswoman/congresswomen councilman/councilmen "
    "assemblyman/assemblymen alderman/aldermen statesman/statesmen chairman/chairmen chairwoman/chairwomen "
    "spokesman/spokesmen spokeswoman/spokeswomen spokesperson/spokespeople businessman/businessmen "
    "businesswoman/businesswomen policeman/policemen policewoman/policewomen gunman/gunmen lawman/lawmen "
    "fireman/firemen airman/airmen seaman/seamen crewman/crewmen serviceman/servicemen servicewoman/servicewomen "
    "guardsman/guardsmen militiaman/militiamen infantryman/infantrymen rifleman/riflemen marksman/marksmen "
    "fisherman/fishermen countryman/countrymen clergyman/clergymen gentleman/gentlemen cameraman/cameramen "
    "salesman/salesmen sportsman/sportsmen sportswoman/sportswomen craftsman/craftsmen workman/workmen "
    "foreman/foremen freshman/freshmen middleman/middlemen hitman/hitmen layman/laymen nobleman/noblemen "
    "ombudsman/ombudsmen englishman/englishmen frenchman/frenchmen irishman/irishmen dutchman/dutchmen "
    "welshman/welshmen scotsman/scotsmen child/children grandchild/grandchildren schoolchild/schoolchildren "
    "stepchild/stepchildren wife/wives housewife/housewives midwife/midwives thief/thieves"
)
_OLD_FORMS = (
    "foot/feet tooth/teeth mouse/mice goose/geese life/lives knife/knives leaf/leaves loaf/loaves half/halves "
    "calf/calves wolf/wolves shelf/shelves scarf/scarves hoof/hooves wharf/wharves quiz/quizzes"
)
_LEARNED_FORMS = (
    "crisis/crises analysis/analyses diagnosis/diagnoses prognosis/prognoses synthesis/syntheses thesis/theses "
    "hypothesis/hypotheses parenthesis/parentheses oasis/oases nemesis/nemeses psychosis/psychoses "
    "criterion/criteria phenomenon/phenomena referendum/referenda memorandum/memoranda curriculum/curricula "
    "bacterium/bacteria stratum/strata alumnus/alumni fungus/fungi nucleus/nuclei stimulus/stimuli cactus/cacti "
    "radius/radii index/indices matrix/matrices appendix/appendices vertebra/vertebrae larva/larvae alga/algae "
    "formula/formulae tableau/tableaux chateau/chateaux"
)
_ENDING_IN_I_OR_U = (
    "israeli/israelis iraqi/iraqis saudi/saudis emirati/emiratis qatari/qataris kuwaiti/kuwaitis bahraini/bahrainis "
    "omani/omanis yemeni/yemenis houthi/houthis pakistani/pakistanis bangladeshi/bangladeshis afghani/afghanis "
    "azerbaijani/azerbaijanis kashmiri/kashmiris punjabi/punjabis bengali/bengalis nepali/nepalis somali/somalis "
    "maori/maoris tutsi/tutsis hutu/hutus zulu/zulus sunni/sunnis yazidi/yazidis salafi/salafis wahhabi/wahhabis "
    "sufi/sufis jihadi/jihadis hindu/hindus nazi/nazis rabbi/rabbis mufti/muftis guru/gurus swami/swamis "
    "taxi/taxis safari/safaris tsunami/tsunamis alibi/alibis bikini/bikinis martini/martinis jacuzzi/jacuzzis "
    "ferrari/ferraris lamborghini/lamborghinis emoji/emojis wiki/wikis kiwi/kiwis corgi/corgis "
    "menu/menus bureau/bureaus plateau/plateaus bayou/bayous caribou/caribous"
)
_CH_LIKE_K_AND_AWARDS = (
    "oligarch/oligarchs monarch/monarchs patriarch/patriarchs matriarch/matriarchs czech/czechs epoch/epochs "
    "stomach/stomachs loch/lochs tech/techs emmy/emmys grammy/grammys"
)
_PAIRS = f"{_PEOPLE} {_OLD_FORMS} {_LEARNED_FORMS} {_ENDING_IN_I_OR_U} {_CH_LIKE_K_AND_AWARDS}"
IRREGULAR = {singular: plural for singular, _, plural in (pair.partition("/") for pair in _PAIRS.split())}
"""Singular → plural, where the rules do not lead from one to the other."""

_PLACES = (
    "texas kansas arkansas dallas vegas orleans angeles queens paris athens brussels wales cannes versailles naples "
    "rhodes reims rennes nantes thames ganges honduras bahamas barbados seychelles netherlands flanders americas "
    "indies rockies caracas lagos davos patras madras"
)
_GIVEN_NAMES = (
    "james charles thomas douglas nicholas nicolas lucas lukas jonas elias tobias andreas andres carlos marcos "
    "georges jules frances agnes moses achilles socrates hercules"
)
_FAMILY_NAMES = (
    "abbas abrams adams andrews atkins barnes barnaby bates billings brooks cervantes chaos clemens coates collins combs "
    "connors cummings cummins daniels davids davies dawkins dickens dumas edmonds edwards evans franks gates gibbs "
    "givens gomes grimes guterres hanks hastings hawkes hawkins hayes haynes hicks higgins hines hobbs holmes hopkins "
    "hughes isaacs jacobs jenkins jennings johns jones keynes lopes matthews mendes mertens michaels montes morales "
    "mullins myers nunes owens parkes perkins peters phillips reeves reyes reynolds richards robbins roberts rodgers "
    "rogers rollins rubens samuels sanders santos saunders simmons simons soames stephens stevens stokes sykes torres "
    "vargas walters watkins wells wilkes wilkins williams woods yates"
)
_FIRMS_AND_GROUPS = "barclays canvas christies cosmos forbes hamas hermes lloyds mercedes philips reuters siemens starbucks"
_SUBJECTS = (
    "politics economics mathematics physics genetics electronics robotics dynamics logistics ethics optics "
    "gymnastics athletics olympics paralympics"
)
_OTHER_SENSES = (
    "news series species means headquarters barracks diabetes measles people times goods customs clothes shorts "
    "overalls jeans remains thanks riches premises basics specifics heroics commons mains rapids waters amends "
    "ours yours theirs hers whereas sometimes besides christmas"
)
NEVER = frozenset(
    f"{_PLACES} {_GIVEN_NAMES} {_FAMILY_NAMES} {_FIRMS_AND_GROUPS} {_SUBJECTS} {_OTHER_SENSES}".split()
)
"""Words that only look like the plural of another, or that mean something else than it."""

_LETTERS = re.compile("[a-z]+")
_SHORTEST = 4
"""Letters of the singular from which the rules hold."""
_TAKES_IES = re.compile("[^aeiou]y$")
_TAKES_ES = re.compile("(?:[sxz]|[cs]h|[^aeiou]o)$")
_TAKES_NO_S = re.compile("(?:[sxz]|[cs]h|[^aeiou]y)$")
_NO_PLURAL = ("ss", "us", "is")


def counterparts(norm: str) -> frozenset[str]:
    """Return the plurals of a folded word and what it is a plural of; nothing if it has neither."""
    if norm in NEVER or not _LETTERS.fullmatch(norm):
        return frozenset()
    return frozenset((_plurals(norm) | _singulars(norm)) - NEVER)


def _plurals(word: str) -> set[str]:
    found = {IRREGULAR[word]} if word in IRREGULAR else set()
    if len(word) < _SHORTEST:
        return found
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
    candidates = (word.removesuffix(plural) + singular for plural, singular in endings if word.endswith(plural))
    return found | {candidate for candidate in candidates if word in _plurals(candidate)}


@cache
def _irregular_singulars() -> dict[str, str]:
    return {plural: singular for singular, plural in IRREGULAR.items()}
