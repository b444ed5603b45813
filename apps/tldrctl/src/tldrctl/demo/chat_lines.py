"""What the viewers of a demo broadcast write; all of it invented."""

SMALL_TALK = (
    "hi everyone", "hello from {place}", "just got here, what did i miss?", "who is winning?", "nice pass",
    "{team} looks tired today", "i like the new shirts", "is this a replay?", "what a calm half", "commentary is good today",
    "the pitch looks slippery", "anyone else lagging?", "stream is fine for me", "they should sub number {number}",
    "number {number} is playing well", "good defence so far", "my prediction is {number} : {digit}", "brb getting coffee",
    "when is the next match?", "this is their third game this week", "ok that was a decent try", "slow game so far",
    "@{viewer} yes", "@{viewer} i think so too", "@{viewer} no it is live", "come on {team}", "{team} fan since forever",
    "how long is left?", "i missed the start", "volume is a bit low", "greetings from {place}", "good evening chat",
    "the keeper is standing too far out", "they need more width", "not sure about that formation", "nice camera work",
    "does anyone know the referee?", "{team} by two", "could go either way", "that was offside", "good tackle",
)  # fmt: skip

REACTIONS = {
    "goal": (
        "GOOOOAL", "GOAL GOAL GOAL", "LETS GOOOO", "WHAT A GOAL", "{team} LETS GO", "PogChamp PogChamp", "POGGERS", "POG",
        "omg what a finish", "insane goal!!!", "YESSSS", "GG", "clip it", "hype hype hype", "no way he scored that", "W",
    ),
    "save": (
        "WHAT A SAVE", "how did he save that", "omg the keeper", "NO WAY", "unreal save!!", "PogChamp", "WOW", "save of the year",
        "keeper is insane", "monkaS that was close", "Kreygasm", "POGGERS the reflexes", "i was already celebrating", "wtf",
    ),
    "breakaway": (
        "GO GO GO", "RUN", "he is so fast omg", "LETS GOOO", "what a run!!", "HYPERS", "PogChamp the speed", "insane dribble",
        "nobody can catch number {number}", "WOOOO", "this is crazy", "POG POG POG", "what a play", "amazing!!!", "CLIP IT",
    ),
    "blooper": (
        "LMAO", "hahahaha", "KEKW", "LUL LUL LUL", "he fell over the ball hahaha", "OMEGALUL", "lol what was that", "jajajaja",
        "i am crying hahaha", "KEKW KEKW", "bro slipped lmao", "LULW", "clip that hahaha", "xD", "funniest thing all season",
    ),
    "long shot": (
        "FROM THERE???", "FROM DOWNTOWN", "no way he hit that", "WHAT A SHOT", "POGGERS", "PogChamp PogChamp PogChamp", "OMG",
        "insane range!!", "LETS GOOOO", "absolute rocket", "how far was that", "goal of the year", "W SHOT", "unbelievable",
    ),
}  # fmt: skip

SPAM = (
    "copy and paste this line to confuse everybody who has just joined the chat, do not ask why, pass it on",
    "FREE COINS for the first hundred who paste this message in five other chats, works every time, no joke",
    "this message will be pasted until the kettle boils, the kettle has not boiled yet, please keep pasting it",
)

EMOTES = frozenset({"PogChamp", "POGGERS", "POG", "KEKW", "LUL", "LULW", "OMEGALUL", "HYPERS", "monkaS", "Kreygasm"})
PLACES = ("the bus", "a rainy town", "the north", "the night shift", "the library", "the seaside", "my kitchen", "work")
