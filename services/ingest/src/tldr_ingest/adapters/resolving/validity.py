"""How long an address of a site leads to its stream."""

import re

from tldr_ingest.domain.resolving.pages import Site

_TWITCH_S = 20 * 3600
"""Playlists of Twitch work for 24 hours."""
_EARLIER_S = 600
# YouTube writes it in the path of a playlist, in the query of a file.
_EXPIRE = re.compile(r"[/?&]expire[/=](\d{9,11})(?=[/&#]|$)")


def expiry(site: Site, url: str, now_s: int) -> int:
    """When an address has to be found anew, since 1970; 0 where it says nothing and the site is not known to end it."""
    if site is Site.TWITCH:
        return now_s + _TWITCH_S
    found = _EXPIRE.search(url)
    return int(found[1]) - _EARLIER_S if found else 0
