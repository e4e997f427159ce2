"""Small vocabularies: few words, so that queries and articles meet, and near ones, so that they often almost do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """Words that occur together."""

    name: str
    words: tuple[str, ...]
    gap: str = " "
    """What usually stands between two of them."""


def _script(name: str, words: str, gap: str = " ") -> Script:
    return Script(name, tuple(words.split()), gap)


SCRIPTS = (
    _script(
        "English",
        "Kim Jong Un Il summit summits summitry missile missiles test tests country countries countryside woman women "
        "child children news new class classes virus hero heroes boss bus Gates gate Jobs job wolf wolves crisis "
        "crises army analysis WHO who US us UN un START start Israeli Israelis cease fire ceasefire party photo war "
        "tor storage tory denuclearise denuclearised nuclear Texas Paris series Williams William golf",
    ),
    _script(
        "signs",
        "AT&T R&D C++ C# C 9/11 24/7 3.5 1,000 1000 1,000,000 #summit @POTUS POTUS Disney+ Disney 18+ F-16 F16 F 16 F-16s F16s AK-47 AK-47s 747 747s "
        "Covid-19 Covid19 G7 G7-summit U.S. US us D.C. DC J.K. a.m. am U.K.-led cease-fire ceasefire Jong-un Jongun "
        "O'Brien OBrien Brien don't Xi'an Sana'a Kim's Kim at t 2024-25 Yahoo! 50% $100 x.com #G7 co-operation "
        "cooperation Kim-style attorney-at-law e-mail email Catch-22",
    ),
    _script(
        "accents",
        "Erdoğan Erdogan İstanbul Istanbul ıstanbul Türkiye Ørsted Orsted Łódź Lodz Straße Strasse STRASSE café cafés "
        "cafe Malmö Þórdís Thordis São Paulo Dvořák œuvre oeuvre d'Ivoire l'Iran Iran qu'il l'U.E. Ankara'da "
        "Erdoğan'ın Türkiye'nin Iran'dan dell'Arte aujourd'hui coöperation Cumhurbaşkanı ﬁn fin Müller æra Curaçao",
    ),
    _script(
        "Cyrillic",
        "Киев Путин путин Путина ракета ракеты саммит САММИТ США С.Ш.А. война Байден Ёлка Елка Зеленський об'єкт "
        "северо-запад северозапад запад Київ й и",
    ),
    _script(
        "Greek",
        "Αθήνα ΑΘΗΝΑ Αθηνα σύνοδος ΣΥΝΟΔΟΣ συνοδος Κωνσταντίνος ΚΩΝΣΤΑΝΤΙΝΟΣ Κύπρος Η.Π.Α. ΗΠΑ ελληνο-τουρκικά "
        "ελληνοτουρκικά ϊός Ιός",
    ),
    _script(
        "Arabic",
        "الرياض الرِّيَاض الريـاض قمة قِمّة كوريا ترامب إيران ايران القمة مؤتمر ۱۱ ٣ می‌خواهم میخواهم شمالية",
    ),
    _script(
        "Georgian and Armenian",
        "თბილისი თბილისში საქართველო Երևան ԵՐԵՎԱՆ Հայաստան Հայաստանի հայ-ռուսական Ա.Ժ. և",
    ),
    _script("Hebrew", "ישראל יִשְׂרָאֵל ירושלים קים פסגה פסגת תל־אביב תל-אביב תל אביב ג'ורג' צה״ל"),
    _script("Devanagari", "नरेन्द्र नरेंद्र मोदी मोदी। सम्मेलन शिखर भारत कि की किम जोंग उन ज़ ज"),
    _script("Bengali and Tamil", "শেখ হাসিনা বাংলাদেশ ঢাকা ঢাকার মোদী தமிழ் தமிழ்நாடு மோடி கி কি শেখ-হাসিনা"),
    _script("Chinese", "金正恩 金正日 正恩 峰会 峰 習近平 习近平 主席 会 G7峰会 5月 國家", ""),
    _script(
        "Japanese",
        "金正恩 テスト ﾃｽﾄ てすと バイデン ﾊﾞｲﾃﾞﾝ ハイデン ミサイル サミット 首脳会談 人々 ・ トランプ 々",
        "",
    ),
    _script("Thai", "กรุงเทพ กรุง เทพ ไทย คิม จองอึน น้ำ ประชุม สุดยอด", ""),
    _script("Burmese, Khmer and Lao", "မြန်မာ ရန်ကုန် မြန် ភ្នំពេញ កម្ពុជា ភ្នំ ວຽງຈັນ ລາວ ໜອງ", ""),
    _script(
        "Korean",
        "김정은 김정은이 김정은은 김정은숙 김정 북한 북한에서는 북한산 남북한 위원장 위원장은 정상회담 회담 나는 나 한-미 한미 G7 G7은 "
        "AI가 문재인이라고 로 이",
    ),
)

FILLERS = tuple(
    "said of new the 2018 - – and to & … * ❤️ 👍🏽 1️⃣ ½ №5 Ⅷ × ™ ~ _ 「 」 ¿ ± € $5 ＆ ٪ । ၊ 。".split()
)
HOSTS = (
    "politico.com",
    "www.politico.com",
    "europe.politico.com",
    "notpolitico.com",
    "thehill.com",
    "bbc.co.uk",
    "",
)
LANGUAGES = ("en", "en-GB", "EN-us", "fr", "ko", "pt-BR", "pt_BR", None)
