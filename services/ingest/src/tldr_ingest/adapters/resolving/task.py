"""Finding out where a page's stream lies, as it runs in a process of its own."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module

from tldr_ingest.adapters.resolving.findings import Found, PageFailed, Unresolved
from tldr_ingest.adapters.resolving.outside import Outside, certificates, placed
from tldr_ingest.adapters.resolving.sealed import seal
from tldr_ingest.domain.resolving.pages import Page, Site
from tldr_outbound import AddressPolicy, AddressRefused
from tldr_processes import Item
from tldr_secrets import struck

_LONGEST_DETAIL = 4000


@dataclass(frozen=True, slots=True)
class PageTask:
    """What a process is asked. `sites`: see `Outside`. `runtime`: see `pages_ytdlp.resolve`."""

    page: Page
    policy: AddressPolicy
    max_height: int
    now_s: int
    sites: Mapping[str, str] = field(default_factory=dict)
    runtime: Mapping[str, str] = field(default_factory=dict)


def prepare() -> None:
    """Load what a process uses, before it is sealed."""
    import encodings.idna  # noqa: F401 - with the first name that is looked up

    # In this order: each wraps the other's patch of urllib3, and only this way round what they wrap still works.
    import_module("tldr_ingest.adapters.resolving.pages_ytdlp")
    import_module("tldr_ingest.adapters.resolving.pages_streamlink")
    certificates()
    logging.disable()  # libraries log addresses with their tokens


def resolve_page(task: PageTask) -> Iterator[Item]:
    """One item: Found or Unresolved. Nothing is raised, as a process that is asked no more is ended at once."""
    seal(task.runtime.values())
    yield Item(_answer(task))


def _answer(task: PageTask) -> Found | Unresolved:
    from tldr_ingest.adapters.resolving import pages_streamlink, pages_ytdlp, session_streamlink, session_ytdlp

    def by_streamlink(outside: Outside) -> Found:
        return pages_streamlink.resolve(task.page, outside, max_height=task.max_height, now_s=task.now_s)

    def by_ytdlp(outside: Outside) -> Found:
        return pages_ytdlp.resolve(
            task.page, outside, max_height=task.max_height, now_s=task.now_s, runtime=task.runtime
        )

    if task.page.site is not Site.YOUTUBE:
        return _try(by_streamlink, task, session_streamlink.LIBRARY)
    first = _try(by_ytdlp, task, session_ytdlp.LIBRARY)
    if isinstance(first, Found) or first.code != "resolver_broken":
        return first
    second = _try(by_streamlink, task, session_streamlink.LIBRARY)
    if isinstance(second, Found):
        return second
    library = f"{first.library}, {second.library}"
    return replace(first, library=library, detail=f"{first.detail}\n{second.detail}"[-_LONGEST_DETAIL:])


def _try(ask: Callable[[Outside], Found], task: PageTask, library: str) -> Found | Unresolved:
    outside = Outside(task.policy, task.sites)
    why: Unresolved
    try:
        found = ask(outside)
        url = placed(found.source.url, task.sites)
        task.policy.check_url(url)
        return replace(found, source=replace(found.source, url=url))
    except PageFailed as failed:
        why = failed.why
    except AddressRefused as error:
        why = Unresolved(error.code, error.sentence)
    except MemoryError:
        raise
    except Exception as error:
        sentence = "The page was answered in a way that is not understood. Retry the stream later."
        why = Unresolved("resolver_broken", sentence, passing=True, detail="".join(traceback.format_exception(error)))
    failure = outside.failure
    if isinstance(failure, AddressRefused):
        # Whatever the library made of it: a page that leads inwards is no page that is offline.
        why = Unresolved(failure.code, failure.sentence)
    elif failure is not None and why.code == "resolver_broken":
        # The network is away, not the library's knowledge.
        why = replace(why, code=failure.code, sentence=failure.sentence)
    asked = ", ".join(f"{one.method} {one.host} {one.status}" for one in outside.asked)
    return replace(why, library=library, detail=struck(f"{why.detail}\n{asked}")[-_LONGEST_DETAIL:])
