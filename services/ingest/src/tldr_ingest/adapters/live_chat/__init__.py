"""Chats as they are written: Twitch's over IRC, YouTube's by asking for it."""
