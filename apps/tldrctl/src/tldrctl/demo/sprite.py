"""Pictures with transparency, kept as the planes of YUV 4:2:0 so that drawing them is three array operations."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Plane = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Planes:
    """A picture: luma (height, width), both chroma planes at half the size, 8 bits of limited range (BT.709)."""

    y: Plane
    u: Plane
    v: Plane


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture times its opacity, and what it lets through, as 16-bit numbers out of 256."""

    over: tuple[npt.NDArray[np.uint16], ...]
    through: tuple[npt.NDArray[np.uint16], ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.over[0].shape[1], self.over[0].shape[0]


def planes_of(image: Image.Image) -> Planes:
    """The planes of an RGB picture with even sides."""
    red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), np.float32), 2, 0)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    u, v = (blue - luma) / 1.8556, (red - luma) / 1.5748
    return Planes(
        np.clip(16 + luma * 219 / 255, 16, 235).astype(np.uint8),
        _halved(np.clip(128 + u * 224 / 255, 16, 240)).astype(np.uint8),
        _halved(np.clip(128 + v * 224 / 255, 16, 240)).astype(np.uint8),
    )


def sprite_of(image: Image.Image) -> Sprite:
    """The sprite of an RGBA picture, padded to even sides."""
    width, height = image.width + image.width % 2, image.height + image.height % 2
    padded = Image.new("RGBA", (width, height))
    padded.paste(image)
    opacity = np.asarray(padded, np.float32)[:, :, 3] * 256 / 255
    opacities = (opacity, _halved(opacity), _halved(opacity))
    planes = planes_of(padded)
    return Sprite(
        tuple(
            (plane * share).astype(np.uint16)
            for plane, share in zip((planes.y, planes.u, planes.v), opacities, strict=True)
        ),
        tuple((256 - share).astype(np.uint16) for share in opacities),
    )


def draw(frame: Planes, sprite: Sprite, x: int, y: int) -> None:
    """Put the sprite's upper left corner at (x, y) of the frame; what lies outside is cut off."""
    planes = (frame.y, frame.u, frame.v)
    for plane, over, through, scale in zip(planes, sprite.over, sprite.through, (1, 2, 2), strict=True):
        left, top = x // scale, y // scale
        begin_x, begin_y = max(0, -left), max(0, -top)
        end_x, end_y = min(over.shape[1], plane.shape[1] - left), min(over.shape[0], plane.shape[0] - top)
        if begin_x < end_x and begin_y < end_y:
            under = plane[top + begin_y : top + end_y, left + begin_x : left + end_x]
            part = np.s_[begin_y:end_y, begin_x:end_x]
            under[:] = (under * through[part] + over[part]) >> 8


def text_image(text: str, size: int, colour: str, outline: str | None = None) -> Image.Image:
    """A line of text on nothing, in Pillow's own font, so that it looks the same on every machine."""
    font = ImageFont.load_default(size)
    stroke = max(2, size // 16) if outline else 0
    left, top, right, bottom = font.getbbox(text, stroke_width=stroke)
    image = Image.new("RGBA", (int(right - left) + 2, int(bottom - top) + 2))
    ImageDraw.Draw(image).text(
        (1 - left, 1 - top), text, fill=colour, font=font, stroke_width=stroke, stroke_fill=outline or colour
    )
    return image


def _halved(plane: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.floating[Any]]:
    mean: npt.NDArray[np.floating[Any]] = (
        plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2]
    ) / 4
    return mean
