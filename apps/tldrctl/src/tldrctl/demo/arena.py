"""The still pictures of the demo's game: the arena from above, another camera, players, scoreboard, break slate."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from tldrctl.demo.sprite import Planes, Sprite, planes_of, sprite_of, text_image

WIDTH, HEIGHT = 1280, 720
# The arena is larger than the screen, so that the camera can follow the ball: twice 240 to the side, twice 60 up.
WORLD_WIDTH, WORLD_HEIGHT = 1760, 840
STAND = 116
FIELD = (90, STAND + 24, WORLD_WIDTH - 90, WORLD_HEIGHT - STAND - 24)
TEAM_NAMES = ("NOVA", "COMET", "ORBIT", "PULSAR", "ZENITH", "AURORA", "VEGA", "QUASAR", "HALO", "TITAN")
TEAM_COLOURS = ("#e23d3d", "#2f6fe4", "#f2b01e", "#8b45d6", "#13a89e", "#f27021", "#e8e8ee", "#d63c8f")
TURF = ("#2f7d43", "#35704f", "#3a6d8c", "#6b7f39", "#7a5f45")
CROWD_FRAMES = 4


@dataclass(frozen=True, slots=True)
class Team:
    """A team's name and its shirts."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Arena:
    """What frames are put together from. `stands` are the upper and lower rows of spectators, some moved."""

    teams: tuple[Team, Team]
    world: Planes
    stands: tuple[tuple[Planes, Planes], ...]
    wide: Planes
    slate: Planes
    players: tuple[tuple[Sprite, ...], tuple[Sprite, ...]]
    ball: Sprite
    glint: Sprite
    confetti: tuple[Sprite, ...]


def build_arena(random: np.random.Generator) -> Arena:
    """The arena of a seed: teams, colours and turf differ."""
    names, colours = random.permutation(TEAM_NAMES), random.permutation(TEAM_COLOURS)
    teams = (Team(str(names[0]), str(colours[0])), Team(str(names[1]), str(colours[1])))
    world = _world(random, str(random.choice(TURF)))
    stands = [_stands(random, teams, shift) for shift in range(CROWD_FRAMES)]
    world.paste(stands[0][0], (0, 0))
    world.paste(stands[0][1], (0, WORLD_HEIGHT - STAND))
    return Arena(
        teams=teams,
        world=planes_of(world),
        stands=tuple((planes_of(upper), planes_of(lower)) for upper, lower in stands),
        wide=planes_of(_wide(world)),
        slate=planes_of(_slate(teams)),
        players=(_players(teams[0]), _players(teams[1])),
        ball=sprite_of(_disc(20, "#ffffff", "#333333")),
        glint=sprite_of(_disc(8, "#ffffff", "#ffffff")),
        confetti=tuple(sprite_of(Image.new("RGBA", (10, 8), colour)) for colour in TEAM_COLOURS),
    )


def _world(random: np.random.Generator, turf: str) -> Image.Image:
    image = Image.new("RGB", (WORLD_WIDTH, WORLD_HEIGHT), "#20242c")
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = FIELD
    draw.rectangle((left - 60, top - 16, right + 60, bottom + 16), fill=turf)
    lighter = Image.new("RGB", (1, 1), turf).point(lambda value: min(255, int(value * 1.14))).getpixel((0, 0))
    for stripe in range(left - 60, right + 60, 160):
        draw.rectangle((stripe, top - 16, min(stripe + 79, right + 60), bottom + 16), fill=lighter)
    white, middle = "#dfe8df", (left + right) // 2
    draw.rectangle(FIELD, outline=white, width=5)
    draw.line((middle, top, middle, bottom), fill=white, width=5)
    height = (top + bottom) // 2
    draw.ellipse((middle - 90, height - 90, middle + 90, height + 90), outline=white, width=5)
    for side, towards in ((left, 1), (right, -1)):
        box = sorted((side, side + towards * 190))
        draw.rectangle((box[0], height - 160, box[1], height + 160), outline=white, width=5)
        goal = sorted((side, side - towards * 44))
        draw.rectangle((goal[0], height - 62, goal[1], height + 62), outline="#ffffff", fill="#9aa4ad", width=4)
    return _grainy(random, image, 7)


def _grainy(random: np.random.Generator, image: Image.Image, strength: int) -> Image.Image:
    """Grass and concrete have a grain; without it an encoder has next to nothing to do."""
    pixels = np.asarray(image, np.int16) + random.integers(
        -strength, strength + 1, (image.height, image.width, 1), np.int16
    )
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _stands(random: np.random.Generator, teams: tuple[Team, Team], shift: int) -> tuple[Image.Image, Image.Image]:
    """Two rows of spectators; `shift` moves each of them a little, the same ones every time."""
    seats = np.random.default_rng(7)
    images = []
    for _ in range(2):
        image = Image.new("RGB", (WORLD_WIDTH, STAND), "#171a21")
        draw = ImageDraw.Draw(image)
        for x in range(6, WORLD_WIDTH, 13):
            for y in range(8, STAND - 6, 15):
                colour = seats.choice(["#5b6170", "#7c7466", "#8d8f99", teams[0].colour, teams[1].colour])
                phase = seats.uniform(0, 2 * np.pi)
                up = round(4 * np.sin(phase + shift * np.pi / 2))
                draw.ellipse((x - 5, y - 5 - up, x + 5, y + 5 - up), fill=str(colour))
                draw.ellipse((x - 3, y - 9 - up, x + 3, y - 3 - up), fill="#d9b99b")
        images.append(_grainy(random, image, 5))
    return images[0], images[1]


def _wide(world: Image.Image) -> Image.Image:
    """The camera under the roof: the whole arena, smaller and darker, seats all round."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#0d1016")
    draw = ImageDraw.Draw(image)
    seats = np.random.default_rng(11)
    for y in range(6, HEIGHT, 9):
        for x in range(5 + y % 18 // 2, WIDTH, 10):
            draw.ellipse(
                (x - 3, y - 3, x + 3, y + 3), fill=str(seats.choice(["#2c313d", "#3a3f4c", "#4b4650", "#24303f"]))
            )
    small = world.resize((860, 410), Image.Resampling.LANCZOS).point(lambda value: int(value * 0.8))
    image.paste(small, (210, 170))
    return image


def _slate(teams: tuple[Team, Team]) -> Image.Image:
    """What is shown in a break."""
    across = np.linspace(0, 1, WIDTH, dtype=np.float32)[None, :, None]
    first, second = (np.asarray(Image.new("RGB", (1, 1), team.colour), np.float32) for team in teams)
    shaded = (first * (1 - across) + second * across) * 0.35
    image = Image.fromarray(np.broadcast_to(shaded, (HEIGHT, WIDTH, 3)).astype(np.uint8)).convert("RGBA")
    for text, size, y in (
        ("TIME-OUT", 110, 240),
        (f"{teams[0].name}  vs  {teams[1].name}", 56, 400),
        ("back soon", 36, 500),
    ):
        line = text_image(text, size, "#f4f4f6")
        image.alpha_composite(line, ((WIDTH - line.width) // 2, y))
    return image.convert("RGB")


def _players(team: Team) -> tuple[Sprite, ...]:
    """Seven of them, seen from above, a number on the shirt."""
    made = []
    for number in (1, 4, 7, 8, 10, 11, 14):
        image = Image.new("RGBA", (46, 46))
        draw = ImageDraw.Draw(image)
        draw.ellipse((6, 10, 45, 45), fill=(0, 0, 0, 90))
        draw.ellipse((2, 8, 40, 34), fill=team.colour, outline="#101318", width=2)
        draw.ellipse((12, 2, 30, 20), fill="#6b4a35" if number % 2 else "#d9b48f", outline="#101318", width=2)
        label = text_image(str(number), 13, "#ffffff", "#101318")
        image.alpha_composite(label, (21 - label.width // 2, 20))
        made.append(sprite_of(image))
    return tuple(made)


def _disc(size: int, colour: str, edge: str) -> Image.Image:
    image = Image.new("RGBA", (size, size))
    ImageDraw.Draw(image).ellipse((0, 0, size - 1, size - 1), fill=colour, outline=edge, width=2)
    return image
