"""Query parameters that say how a reader came to a page, and nothing about which page it is."""

from __future__ import annotations

PREFIXES = (
    "utm_",  # Google Analytics and everybody after it
    "at_",  # AT Internet: the BBC's at_medium=RSS
    "fb_",
    "guce_",  # Yahoo
    "hsa_",  # HubSpot
    "matomo_",
    "mtm_",
    "oly_",
    "piwik_",
    "vero_",
)
"""A parameter that begins like this is dropped whatever it holds."""

NAMES = frozenset({
    "__hsfp", "__hssc", "__hstc", "__source", "__twitter_impression", "_branch_match_id",
    "_branch_referrer", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "amp_ct", "amp_gsa", "amp_js_v",
    "cmp", "cmpid", "dclid", "dlvrit", "ef_id", "emc", "epik", "fbclid", "feedname", "feedtype", "ftag",
    "gbraid", "gclid", "gclsrc", "guccounter", "hsctatracking", "icid", "igsh", "igshid", "intcid",
    "ito", "li_fat_id", "maca", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "ncid", "ns_campaign",
    "ns_fee", "ns_linkname", "ns_mchannel", "ns_source", "ocid", "pk_campaign", "pk_cid", "pk_content",
    "pk_keyword", "pk_kwd", "pk_medium", "pk_source", "rb_clickid", "ref_src", "ref_url", "s_cid",
    "s_kwcid", "sc_cid", "smid", "smtyp", "soc_src", "soc_trk", "spref", "sref", "srnd", "srsltid",
    "taid", "traffic_source", "trk", "ttclid", "twclid", "usqp", "wbraid", "wickedid", "wt.mc_id",
    "wt.rss_f", "wt_mc", "wt_zmc", "xtor", "yclid", "ymclid",
})  # fmt: skip
"""Parameters that are dropped whatever they hold; compared in lower case."""

AMBIGUOUS = frozenset({
    ".tsrc", "campaign", "channel", "cid", "from", "medium", "mod", "partner", "platform", "ref",
    "referrer", "rss", "source", "src", "tsrc", "via",
})  # fmt: skip
"""Parameters that may name the page: dropped only when the value is one of VALUES or begins with `rss`."""

VALUES = frozenset({
    "applenews", "atom", "email", "facebook", "fb", "feed", "feedburner", "feeds", "flipboard",
    "google-news", "google_news", "googlenews", "linkedin", "mail", "newsletter", "share", "social",
    "syndication", "tw", "twitter",
})  # fmt: skip


def without_tracking(query: str) -> str:
    """Return a query string without its tracking parameters; what stays is untouched and in its order."""
    if not query:
        return query
    parameters = query.split("&")
    kept = [parameter for parameter in parameters if not is_tracking(parameter)]
    return query if len(kept) == len(parameters) else "&".join(kept)


def is_tracking(parameter: str) -> bool:
    """Tell whether `name=value` only says how a reader came to the page."""
    name, _, value = parameter.lower().partition("=")
    if name in NAMES or name.startswith(PREFIXES):
        return True
    if name not in AMBIGUOUS:
        return False
    return value in VALUES or value.startswith("rss") or (name == "rss" and value in {"", "1", "true", "yes"})
