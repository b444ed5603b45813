"""What asking for a page came to, as it travels from the process that asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from tldr_ingest.application.live.resolving import ResolvedSource
from tldr_ingest.domain.resolving.renditions import Rendition


@dataclass(frozen=True, slots=True)
class Found:
    """Where a page's stream lies. `library`: name and version of what found it; `requests`: how many that took."""

    source: ResolvedSource
    library: str
    renditions: tuple[Rendition, ...] = ()
    chosen: Rendition | None = None
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Why it is not known. `offline`: nothing is broadcast now. `detail` is for the log, without addresses' secrets."""

    code: str
    sentence: str
    passing: bool = False
    offline: bool = False
    library: str = ""
    detail: str = field(default="", repr=False)


class PageFailed(Exception):
    """Carries an `Unresolved` out of a site's module."""

    def __init__(self, why: Unresolved) -> None:
        super().__init__(why.code)
        self.why = why


def not_live(sentence: str) -> PageFailed:
    """Nothing is broadcast now, and may be later."""
    return PageFailed(Unresolved("source_not_live", sentence, offline=True))


def not_found(sentence: str) -> PageFailed:
    """There is no such channel or video."""
    return PageFailed(Unresolved("source_not_found", sentence))


def not_public(sentence: str) -> PageFailed:
    """Only those who are logged in, have paid, or live elsewhere may see it."""
    return PageFailed(Unresolved("source_not_public", sentence))


def refused_by_site(sentence: str, detail: str = "") -> PageFailed:
    """The site does not answer this machine, for now."""
    return PageFailed(Unresolved("site_refused", sentence, passing=True, detail=detail))


def broken(site: str, detail: str) -> PageFailed:
    """The library does not understand the site any more, or the site had a bad moment."""
    sentence = (
        f"{site} did not answer in a way that is understood. Retry the stream later; if it stays so, tell the operator."
    )
    return PageFailed(Unresolved("resolver_broken", sentence, passing=True, detail=detail))


NO_RENDITION = "The page offers no rendition in which picture and sound can be read together."
