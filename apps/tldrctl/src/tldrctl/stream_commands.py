"""`tldrctl process`, `stream`, `explain` and `rescore`: what is done with streams."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tldrctl.options import FOLDER, ApiKey, Broker, Folder, Kafka, Url, instant
from tldrctl.outcome import run_to_end

app = typer.Typer()
stream = typer.Typer(no_args_is_help=True, help="Streams that were submitted.")
app.add_typer(stream, name="stream")


@app.command()
def process(
    video: Annotated[Path, typer.Argument(help="A recording: anything FFmpeg reads.", exists=True, dir_okay=False)],
    chat: Annotated[
        Path | None,
        typer.Option(help="Its chat: JSON of TwitchDownloader, chat-downloader or yt-dlp, or CSV.", exists=True),
    ] = None,
    chat_offset_ms: Annotated[int, typer.Option(help="Added to each message's time to give stream time.")] = 0,
    chat_start: Annotated[
        datetime | None,
        typer.Option(
            help="When the recording began, as 2026-01-31T20:15:00Z, for a chat whose times are dates.",
            parser=instant,
            metavar="DATE",
        ),
    ] = None,
    preset: Annotated[str, typer.Option(help="gaming, sports, education or corporate.")] = "gaming",
    channel: Annotated[
        str | None, typer.Option(help="The channel it belongs to; recordings of one channel share what was learned.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where clips and thumbnails are put.")] = Path("highlights"),
    url: Annotated[str, typer.Option(help="A mesh that runs; without it, one is started.")] = "",
    api_key: ApiKey = "",
    folder: Folder = FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Find the highlights of a recording of your own."""
    from tldrctl.mesh_client import MeshChoice
    from tldrctl.process_command import Request, process_recording

    request = Request(video, chat, chat_offset_ms, preset, channel, chat_start)
    run_to_end(process_recording(request, out, MeshChoice(url, api_key, folder, kafka.value)))


@stream.command()
def show(
    id: Annotated[str, typer.Argument(help="A stream's id: str_…")],
    url: Url = "",
    api_key: ApiKey = "",
    folder: Folder = FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Show a stream: how its chat was read, what is missing, its highlights. 2 when there is none of this id."""
    from tldrctl.mesh_client import MeshChoice
    from tldrctl.show_command import show as show_one

    run_to_end(show_one(id, MeshChoice(url, api_key, folder, kafka.value)))


@app.command()
def explain(
    highlight: Annotated[str, typer.Argument(help="A highlight's id: hl_…")],
    url: Url = "",
    api_key: ApiKey = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's answer.")] = False,
    folder: Folder = FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Recompute a highlight's score from its stored signals: 0 when it holds, 1 when not, 2 when there is none."""
    from tldrctl.explain_command import explain_highlight
    from tldrctl.mesh_client import MeshChoice

    run_to_end(explain_highlight(highlight, MeshChoice(url, api_key, folder, kafka.value), as_json=as_json))


@app.command()
def rescore(
    stream: Annotated[str, typer.Argument(help="A completed stream's id: str_…")],
    preset: Annotated[
        str | None, typer.Option(help="gaming, sports, education or corporate; without it, the stream's own.")
    ] = None,
    make_default: Annotated[
        bool, typer.Option("--make-default", help="Its highlights become those of the stream; otherwise it is a look.")
    ] = False,
    url: Url = "",
    api_key: ApiKey = "",
    folder: Folder = FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Detect on a completed stream once more, under another preset, from the signals that are kept."""
    from tldrctl.mesh_client import MeshChoice
    from tldrctl.rescore_command import rescore_stream

    mesh = MeshChoice(url, api_key, folder, kafka.value)
    run_to_end(rescore_stream(stream, preset, mesh, make_default=make_default))


@app.command()
def watch(
    address: Annotated[
        str, typer.Argument(help="A playlist, or the page of a channel or video on Twitch, YouTube or Kick.")
    ] = "",
    rtmp: Annotated[
        bool, typer.Option("--rtmp", help="Wait for an encoder instead, and show where to publish.")
    ] = False,
    chat: Annotated[
        str, typer.Option(help="twitch:CHANNEL, youtube:VIDEO or none; without it, that of the page.")
    ] = "",
    wait: Annotated[int, typer.Option(help="Seconds to wait for a source that is not live yet.", min=0)] = 0,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Begin where the source's window begins, not at its live edge.")
    ] = False,
    max_height: Annotated[int | None, typer.Option(help="The tallest rendition to read.", min=144)] = None,
    preset: Annotated[str, typer.Option(help="gaming, sports, education or corporate.")] = "gaming",
    url: Annotated[str, typer.Option(help="A mesh that runs; without it, one is started.")] = "",
    api_key: ApiKey = "",
    folder: Folder = FOLDER,
    kafka: Broker = Kafka.TANSU,
) -> None:
    """Follow a live stream: its score, and highlights as they come and change. Ctrl-C stops the stream."""
    from tldrctl.mesh_client import MeshChoice
    from tldrctl.watch_command import WatchRequest, watch_stream

    if bool(address) == rtmp:
        raise typer.BadParameter("give an address, or --rtmp")
    request = WatchRequest(address, preset, chat, wait, from_start, max_height)
    run_to_end(watch_stream(request, MeshChoice(url, api_key, folder, kafka.value)))
