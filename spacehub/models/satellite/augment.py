"""Augment images in training, so that the network sees each one differently: rotations, mirrors, light, mixing.

An aerial image has no upright orientation: the eight rotations and mirrors of a square do not change the
land use. Every random number comes from the given generator, so that a run can be repeated.
"""

import torch
from torch.nn import functional

from spacehub.models.satellite.pictures import MEAN, STD
from spacehub.models.satellite.recipes import Recipe


def prepare(pixels: torch.Tensor) -> torch.Tensor:
    """Return uint8 images (N, 3, H, W) as the network takes them, float32 around 0."""
    return pixels.to(memory_format=torch.channels_last).float().div_(255).sub_(MEAN).div_(STD)


def turn(pixels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Rotate and mirror each image (N, 3, S, S) in one of the eight ways."""
    ways = torch.randint(0, 8, (len(pixels),), generator=generator)
    turned = torch.empty_like(pixels)
    for way in range(8):
        chosen = ways == way
        turned[chosen] = eighth(pixels[chosen], way)
    return turned


def eighth(pixels: torch.Tensor, way: int) -> torch.Tensor:
    """Return images rotated by `way` % 4 quarter turns, mirrored first if `way` is 4 or more."""
    mirrored = pixels.flip(-1) if way >= 4 else pixels
    return torch.rot90(mirrored, way % 4, (-2, -1))


def light(pictures: torch.Tensor, deviation: float, generator: torch.Generator) -> torch.Tensor:
    """Make each prepared image brighter or darker as a whole, and shift each of its channels."""
    factor = 1 + deviation * torch.randn(len(pictures), 1, 1, 1, generator=generator)
    shift = deviation * torch.randn(len(pictures), 3, 1, 1, generator=generator)
    return pictures * factor + shift


def targets(labels: torch.Tensor, classes: int, smoothing: float) -> torch.Tensor:
    """Return smoothed one-hot targets (N, classes)."""
    return functional.one_hot(labels, classes).float() * (1 - smoothing) + smoothing / classes


def mix(
    pictures: torch.Tensor, goals: torch.Tensor, alpha: float, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Mix every other batch, image by image, with itself in another order (mixup, Zhang et al. 2018)."""
    if alpha == 0 or torch.rand(1, generator=generator) < 0.5:
        return pictures, goals
    first, second = torch._standard_gamma(torch.full((2,), alpha), generator=generator)
    share = first / (first + second)
    order = torch.randperm(len(pictures), generator=generator)
    return torch.lerp(pictures[order], pictures, share), torch.lerp(goals[order], goals, share)


def batch(
    pixels: torch.Tensor, labels: torch.Tensor, classes: int, recipe: Recipe, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a training batch: images as the network takes them, and their targets."""
    pictures = light(prepare(turn(pixels, generator)), recipe.light, generator)
    goals = targets(labels, classes, recipe.label_smoothing)
    return mix(pictures, goals, recipe.mixup, generator)
