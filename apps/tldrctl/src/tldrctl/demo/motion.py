"""Where the camera, the players and the ball are in each frame of a demo broadcast."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tldrctl.demo.arena import FIELD, HEIGHT, WIDTH, WORLD_HEIGHT, WORLD_WIDTH
from tldrctl.demo.envelope import Curve, swell, wander
from tldrctl.demo.plan import Plan

Track = npt.NDArray[np.floating[Any]]
PLAYERS = 7
# Steps of the players' and the ball's wandering per second, in calm play and on top of it in a moment.
PLAYER_PACE, BALL_PACE = (0.11, 1.5), (0.2, 1.9)
PLAYER_REACH, BALL_REACH = (80, 55), (420, 190)
ATTACK_PX = 260
SHAKE_PX = 9
# Formation of the team that plays to the right, as shares of the field; the other team's is its mirror image.
FORMATION = ((0.05, 0.5), (0.2, 0.25), (0.2, 0.75), (0.35, 0.5), (0.48, 0.2), (0.48, 0.8), (0.58, 0.5))


@dataclass(frozen=True, slots=True)
class Motion:
    """Positions in pixels of the arena by frame: `camera` (frames, 2), `ball` (frames, 2), `players` (frames, 14, 2)."""

    intensity: Curve
    camera: Track
    ball: Track
    players: Track


def plan_motion(plan: Plan, random: np.random.Generator, fps: int) -> Motion:
    """How everything moves: calmly, and fast while a moment lasts."""
    times = np.arange(round(plan.duration_ms / 1000 * fps), dtype=np.float32) / fps
    intensity, attack = np.zeros_like(times), np.zeros_like(times)
    for moment in plan.planted:
        start, end = moment.start_ms / 1000, moment.end_ms / 1000
        intensity = np.maximum(intensity, swell(times, start, end, 0.8, 1.0))
        attack += swell(times, start, end + 2, 2.5, 4.0) * (1 if random.random() < 0.5 else -1)
    ball = _ball(random, intensity, attack, fps)
    return Motion(intensity, _camera(random, ball, intensity, fps), ball, _players(random, intensity, attack, fps))


def _paced(intensity: Curve, pace: tuple[float, float], fps: int) -> Curve:
    """Time as the players live it: it runs faster in a moment."""
    return np.cumsum((pace[0] + pace[1] * intensity) / fps, dtype=np.float64).astype(np.float32)


def _players(random: np.random.Generator, intensity: Curve, attack: Curve, fps: int) -> Track:
    left, top, right, bottom = FIELD
    clock = _paced(intensity, PLAYER_PACE, fps)
    positions = np.zeros((len(intensity), 2 * PLAYERS, 2), np.float32)
    for number in range(2 * PLAYERS):
        x, y = FORMATION[number % PLAYERS]
        x = x if number < PLAYERS else 1 - x
        keeper = number % PLAYERS == 0
        reach = (12, 40) if keeper else PLAYER_REACH
        along = wander(random, clock, 1.0) * reach[0] + (0 if keeper else ATTACK_PX) * attack
        positions[:, number, 0] = np.clip(left + x * (right - left) + along, left, right)
        positions[:, number, 1] = np.clip(top + y * (bottom - top) + wander(random, clock, 1.0) * reach[1], top, bottom)
    return positions


def _ball(random: np.random.Generator, intensity: Curve, attack: Curve, fps: int) -> Track:
    left, top, right, bottom = FIELD
    clock = _paced(intensity, BALL_PACE, fps)
    x = (left + right) / 2 + wander(random, clock, 1.0) * BALL_REACH[0] + 1.4 * ATTACK_PX * attack
    y = (top + bottom) / 2 + wander(random, clock, 1.0) * BALL_REACH[1]
    return np.stack([np.clip(x, left - 30, right + 30), np.clip(y, top, bottom)], axis=1).astype(np.float32)


def _camera(random: np.random.Generator, ball: Track, intensity: Curve, fps: int) -> Track:
    """The upper left corner of what is on screen: it follows the ball, hastily in a moment, and shakes then."""
    room = np.array([WORLD_WIDTH - WIDTH, WORLD_HEIGHT - HEIGHT], np.float32)
    centre = np.array([WORLD_WIDTH, WORLD_HEIGHT], np.float32) / 2
    haste = 1 - np.exp(-(0.5 + 4.5 * intensity) / fps)
    camera, at = np.empty_like(ball), ball[0] - centre
    for frame, share in enumerate(haste):
        at = at + (ball[frame] - centre - at) * share
        camera[frame] = at
    camera = room / 2 + camera * np.array([0.45, 0.25], np.float32)
    camera += random.normal(0, SHAKE_PX, camera.shape) * intensity[:, None] ** 2
    return np.clip(camera, 0, room)
