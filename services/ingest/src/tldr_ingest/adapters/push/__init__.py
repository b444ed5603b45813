"""Pushed streams: the RTMP server, the spool that it writes, and who reads it."""
