"""What a reading process has loaded before it reads."""


def prepare() -> None:
    """Load all that readings use; what is missing here is loaded by each process anew."""
    import encodings.idna  # noqa: F401 - with the first name that is looked up

    # Not in the service's own process.
    from tldr_ingest.adapters.chat.task import read_chat  # noqa: F401
    from tldr_ingest.adapters.hls import feed, recorded  # noqa: F401
    from tldr_ingest.adapters.live import following_pyav, recordings  # noqa: F401
    from tldr_ingest.adapters.media import segmenter_pyav, source_pyav  # noqa: F401
    from tldr_ingest.adapters.media.task import read_media  # noqa: F401


def prepare_live() -> None:
    """The same of a process that reads live sources."""
    prepare()
    from tldr_ingest.adapters.live import feeds  # noqa: F401
    from tldr_ingest.adapters.live.task import read_live  # noqa: F401
