"""What training does to pictures keeps what they show, and can be repeated."""

import numpy as np
import pytest
import torch

from spacehub.models.satellite import augment
from spacehub.models.satellite.recipes import Recipe


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_eight_ways_are_the_square_s_own():
    picture = torch.arange(3 * 4 * 4).reshape(1, 3, 4, 4)
    ways = [augment.eighth(picture, way) for way in range(8)]
    assert torch.equal(ways[0], picture)
    assert torch.equal(ways[2], picture.flip(-1).flip(-2))
    assert len({tuple(way.flatten().tolist()) for way in ways}) == 8
    for way in ways:
        assert sorted(way.flatten().tolist()) == sorted(picture.flatten().tolist())


def test_each_picture_is_turned_on_its_own_in_every_way():
    pictures = torch.arange(3 * 4 * 4).reshape(1, 3, 4, 4).repeat(200, 1, 1, 1)
    turned = augment.turn(pictures, seeded())
    assert len({tuple(one.flatten().tolist()) for one in turned}) == 8
    assert torch.equal(turned, augment.turn(pictures, seeded()))


def test_mixing_keeps_targets_a_distribution_that_matches_the_picture():
    pictures = torch.eye(4).reshape(4, 4, 1, 1).expand(4, 4, 2, 2)[:, :3].contiguous()
    goals = augment.targets(torch.arange(4), 4, 0.0)
    mixed = 0
    for seed in range(20):
        shown, wanted = augment.mix(pictures, goals, 0.4, seeded(seed))
        assert torch.allclose(wanted.sum(1), torch.ones(4))
        assert torch.allclose(shown.mean((2, 3)), wanted[:, :3], atol=1e-6)
        mixed += not torch.equal(wanted, goals)
    assert 5 < mixed < 15
    assert torch.equal(augment.mix(pictures, goals, 0, seeded())[1], goals)


def test_a_batch_is_what_the_network_takes():
    pixels = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (8, 3, 16, 16), dtype="uint8"))
    shown, wanted = augment.batch(pixels, torch.arange(8) % 3, 3, Recipe(light=0.0, mixup=0.0), seeded())
    assert shown.dtype == torch.float32
    assert shown.shape == (8, 3, 16, 16)
    assert shown.abs().max() <= 1
    assert wanted[0].tolist() == pytest.approx([0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])
