"""Pushed streams: RTMP as a language, what comes of it as FLV, and how pieces of it are cut, named and followed. No I/O."""
