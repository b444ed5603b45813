"""Draws the frames of a demo broadcast."""

from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw

from tldrctl.demo.arena import HEIGHT, STAND, WIDTH, WORLD_HEIGHT, Arena, build_arena
from tldrctl.demo.motion import PLAYERS, plan_motion
from tldrctl.demo.plan import Plan, Planted
from tldrctl.demo.sprite import Planes, Sprite, draw, sprite_of, text_image

FPS = 30
BANNERS = {
    "goal": "GOAL!",
    "save": "WHAT A SAVE!",
    "breakaway": "BREAKAWAY!",
    "blooper": "OOPS!",
    "long shot": "FROM DOWNTOWN!",
}
SCORING = {"goal": 1, "long shot": 2}
# The deciding second of a moment, as a share of its length: the score changes and the banner comes up.
DECISION = 0.4
FLASHES = (0.15, DECISION, 0.6, 0.8)
FLASH_LUMA = (70, 48, 32, 20, 10)
CONFETTI, GLINTS = 70, 14
WIDE_SCALE, WIDE_ORIGIN = 860 / 1760, (210, 170)


@dataclass(slots=True)
class _Board:
    """The scoreboard, drawn anew only when it says something else."""

    text: str = ""
    sprite: Sprite | None = None


class Painter:
    """Draws frame by frame; the same plan gives the same frames."""

    def __init__(self, plan: Plan) -> None:
        random = np.random.default_rng([plan.seed, 2])
        self.plan = plan
        self.arena: Arena = build_arena(random)
        self.motion = plan_motion(plan, random, FPS)
        self._banners = {kind: sprite_of(text_image(text, 92, "#ffe14d", "#14161c")) for kind, text in BANNERS.items()}
        self._live = _badge("LIVE")
        self._board = _Board()
        self._starting_score = (int(random.integers(0, 3)), int(random.integers(0, 3)))
        self._sides = [int(random.integers(2)) for _ in plan.planted]
        self._fall = random.uniform((0, 0, -160, 260), (WIDTH, HEIGHT, 160, 620), (CONFETTI, 4))
        self._glints = random.uniform(0, 1, (97, GLINTS, 2))

    def paint(self, number: int) -> Any:
        """The frame of that number: a PyAV VideoFrame in yuv420p."""
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        planes = Planes(*(_pixels(plane) for plane in frame.planes))
        at_ms = number * 1000 / FPS
        scene = next((one.kind for one in self.plan.distractors if one.start_ms <= at_ms < one.end_ms), "")
        if scene == "dull":
            _fill(planes, self.arena.slate)
        elif scene == "cut":
            self._paint_wide(planes, number)
            self._paint_board(planes, at_ms)
        else:
            self._paint_play(planes, number)
            moment = next((one for one in self.plan.planted if one.start_ms <= at_ms < one.end_ms), None)
            if moment is not None:
                self._paint_moment(
                    planes, number, moment, (at_ms - moment.start_ms) / (moment.end_ms - moment.start_ms)
                )
            self._paint_board(planes, at_ms)
        return frame

    def _paint_play(self, planes: Planes, number: int) -> None:
        x, y = (int(value) // 2 * 2 for value in self.motion.camera[number])
        world = self.arena.world
        planes.y[:] = world.y[y : y + HEIGHT, x : x + WIDTH]
        planes.u[:] = world.u[y // 2 : (y + HEIGHT) // 2, x // 2 : (x + WIDTH) // 2]
        planes.v[:] = world.v[y // 2 : (y + HEIGHT) // 2, x // 2 : (x + WIDTH) // 2]
        excited = self.motion.intensity[number] > 0.2
        upper, lower = self.arena.stands[number // 3 % 4 if excited else number // 45 % 4]
        _strip(planes, upper, x, -y)
        _strip(planes, lower, x, WORLD_HEIGHT - STAND - y)
        for player in range(2 * PLAYERS):
            sprite = self.arena.players[player // PLAYERS][player % PLAYERS]
            px, py = self.motion.players[number, player]
            draw(planes, sprite, int(px) - x - 22, int(py) - y - 22)
        bx, by = self.motion.ball[number]
        draw(planes, self.arena.ball, int(bx) - x - 10, int(by) - y - 10)

    def _paint_wide(self, planes: Planes, number: int) -> None:
        _fill(planes, self.arena.wide)
        for player in range(2 * PLAYERS):
            px, py = self.motion.players[number, player] * WIDE_SCALE
            draw(planes, self.arena.glint, int(px) + WIDE_ORIGIN[0] - 4, int(py) + WIDE_ORIGIN[1] - 4)

    def _paint_moment(self, planes: Planes, number: int, moment: Planted, share: float) -> None:
        intensity = float(self.motion.intensity[number])
        upper_end = STAND - 12 - int(self.motion.camera[number, 1])
        for along, row in self._glints[number % len(self._glints)][: int(GLINTS * intensity)]:
            # The rows of the upper stand, then those of the lower one.
            down = row * 2 * upper_end if row < 0.5 else WORLD_HEIGHT - STAND + upper_end + (row - 0.5) * 90 - STAND
            draw(planes, self.arena.glint, int(along * WIDTH), int(down))
        if share > DECISION and moment.kind != "blooper":
            seconds = number / FPS
            for i, (x, y, across, down) in enumerate(self._fall[: int(CONFETTI * intensity)]):
                confetti = self.arena.confetti[i % len(self.arena.confetti)]
                draw(planes, confetti, int((x + across * seconds) % WIDTH), int((y + down * seconds) % HEIGHT))
        if share > DECISION:
            banner = self._banners[moment.kind]
            bounce = int(18 * np.sin(number * 0.7))
            draw(planes, banner, (WIDTH - banner.size[0]) // 2, 190 + bounce)
        length = (moment.end_ms - moment.start_ms) / 1000 * FPS
        since = min((int((share - flash) * length) for flash in FLASHES if share >= flash), default=len(FLASH_LUMA))
        if since < len(FLASH_LUMA):
            planes.y[:] = np.minimum(planes.y, 235 - FLASH_LUMA[since]) + np.uint8(FLASH_LUMA[since])

    def _paint_board(self, planes: Planes, at_ms: float) -> None:
        score = list(self._starting_score)
        for moment, side in zip(self.plan.planted, self._sides, strict=True):
            if at_ms >= moment.start_ms + DECISION * (moment.end_ms - moment.start_ms):
                score[side] += SCORING.get(moment.kind, 0)
        first, second = self.arena.teams
        seconds = int(at_ms / 1000) + 754
        text = f"{first.name}  {score[0]} : {score[1]}  {second.name}    {seconds // 60:02}:{seconds % 60:02}"
        if text != self._board.text:
            self._board = _Board(text, _scoreboard(text, first.colour, second.colour))
        if self._board.sprite is not None:
            draw(planes, self._board.sprite, 40, 30)
        draw(planes, self._live, WIDTH - 130, 36)


def _badge(text: str) -> Sprite:
    label = text_image(text, 24, "#ffffff")
    image = Image.new("RGBA", (label.width + 28, 40), "#c01f2e")
    image.alpha_composite(label, (14, (40 - label.height) // 2))
    return sprite_of(image)


def _scoreboard(text: str, first: str, second: str) -> Sprite:
    label = text_image(text, 30, "#ffffff")
    image = Image.new("RGBA", (label.width + 64, 56))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, image.width - 1, 55), 10, fill="#12151dee")
    pen.rectangle((12, 12, 20, 43), fill=first)
    pen.rectangle((image.width - 21, 12, image.width - 13, 43), fill=second)
    image.alpha_composite(label, (32, (56 - label.height) // 2))
    return sprite_of(image)


def _pixels(plane: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def _fill(planes: Planes, still: Planes) -> None:
    planes.y[:], planes.u[:], planes.v[:] = still.y, still.u, still.v


def _strip(planes: Planes, strip: Planes, x: int, top: int) -> None:
    """Copies a full-width strip of the arena to where it is on screen."""
    for target, source, scale in ((planes.y, strip.y, 1), (planes.u, strip.u, 2), (planes.v, strip.v, 2)):
        first, height = top // scale, target.shape[0]
        begin, end = max(0, first), min(height, first + source.shape[0])
        if begin < end:
            target[begin:end] = source[begin - first : end - first, x // scale : x // scale + target.shape[1]]
