import time
from tldr_fusion_detector.application.view_stream import view_stream
async def test_m(desk, broadcast_of):
    for seconds, every in ((180,4),(600,4),(7200,4)):
        b = broadcast_of(f"str_m{seconds}", seconds=seconds, moments=tuple(range(40, seconds-30, 60)))
        t=time.perf_counter()
        await desk.tell(b.requested(), b.opened()); n=0
        w=list(b.video(every=every)); 
        t=time.perf_counter(); await desk.tell(*w); print(f"\n{seconds}s: {len(w)} video events {1000*(time.perf_counter()-t)/len(w):.1f} ms each")
        await desk.tell(*b.chat(end=seconds-10))
        t=time.perf_counter()
        async with desk.open() as work:
            v = await view_stream(work, b.stream); tl = await v.timeline(work.signals)
        print(f"look {1000*(time.perf_counter()-t):.0f} ms", len(tl.series))
        t=time.perf_counter(); await desk.advance(b.stream); print(f"advance {1000*(time.perf_counter()-t):.0f} ms", len(await desk.published(b.stream)))
        await desk.tell(*b.chat(start=seconds-10), b.video_ended(), b.chat_ended())
        t=time.perf_counter(); await desk.advance(b.stream); print(f"last advance {1000*(time.perf_counter()-t):.0f} ms")
        p = await desk.published(b.stream); print(len(p), p[-1].DESCRIPTOR.name)
