"""Picture and sound may come one by one: each is complete as far as its own messages say, and neither is missed."""

from typing import Any

from tldr.common.v1 import common_pb2
from tldr.video_signals.v1 import video_signals_pb2
from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.signals.view_stream import StreamView, view_stream
from tldr_fusion_detector.domain.signals.signals import Modality

VIDEO, AUDIO = common_pb2.MODALITY_VIDEO, common_pb2.MODALITY_AUDIO


def measured(stream: str, *, video_ms: int, audio_ms: int, **series: tuple[int, int]) -> Any:
    """Seconds [first, end) of signals, named with `_` for the dot."""
    message = video_signals_pb2.VideoSignalsMeasured(
        stream_id=stream,
        series=[
            common_pb2.Series(name=name.replace("_", "."), start_s=first, values=range(first, end))
            for name, (first, end) in series.items()
        ],
        complete_until_ms=min(video_ms, audio_ms),
        completeness=[
            video_signals_pb2.ModalityCompleteness(modality=VIDEO, complete_until_ms=video_ms),
            video_signals_pb2.ModalityCompleteness(modality=AUDIO, complete_until_ms=audio_ms),
        ],
    )
    return video_signals_pb2.VideoSignalEvent(measured=message)


async def seen(service: Any, stream: str) -> tuple[StreamView, dict[str, list[float]]]:
    async with service.open() as work:
        view = await view_stream(work, StreamId(stream))
        timeline = await work.signals.timeline(stream, 10, ())
    return view, {name: values.tolist()[:5] for name, values in timeline.series.items()}


async def test_sound_is_complete_while_pictures_are_still_looked_at(service: Any, stream: str) -> None:
    await service.tell(measured(stream, video_ms=1000, audio_ms=1000, video_motion=(0, 1), audio_loudness=(0, 1)))
    await service.tell(measured(stream, video_ms=1000, audio_ms=3000, audio_loudness=(1, 3)))
    await service.tell(measured(stream, video_ms=1000, audio_ms=5000, audio_loudness=(3, 5)))
    view, _ = await seen(service, stream)
    assert view.states[Modality.VIDEO].complete_until_ms == 1000
    assert view.states[Modality.AUDIO].complete_until_ms == 5000
    await service.tell(measured(stream, video_ms=5000, audio_ms=5000, video_motion=(1, 5)))
    view, series = await seen(service, stream)
    assert view.states[Modality.VIDEO].complete_until_ms == view.states[Modality.AUDIO].complete_until_ms == 5000
    assert series["video.motion"] == series["audio.loudness"] == [0, 1, 2, 3, 4]
    assert view.gaps == ()


async def test_a_message_that_never_came_is_missed_of_its_own_modality(service: Any, stream: str) -> None:
    await service.tell(measured(stream, video_ms=1000, audio_ms=1000, video_motion=(0, 1), audio_loudness=(0, 1)))
    await service.tell(measured(stream, video_ms=1000, audio_ms=5000, audio_loudness=(3, 5)))
    view, _ = await seen(service, stream)
    assert [(gap.modality, gap.start_ms, gap.end_ms) for gap in view.gaps] == [(Modality.AUDIO, 1000, 3000)]
