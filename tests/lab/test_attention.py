"""Attention by hand against PyTorch's, layer by layer up to a whole BERT."""

import json
import math

import numpy as np
import pytest
import torch
from scipy.stats import entropy as scipy_entropy
from torch.nn import functional

from spacehub.errors import SpaceHubError
from spacehub.lab import attention, attention_scale, attention_toy
from spacehub.lab.attention import Projections
from spacehub.lab.attention_bert import TARGETS, Bert, gelu, share
from tests.tiny_bert import write_bert

WORDS = ["the", "rocket", "left", "the", "pad", "and", "the", "crowd", "saw", "the", "rocket"]


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("scale", [None, 1.0, 0.01, 30.0])
@pytest.mark.parametrize("shape", [(5, 8), (3, 7, 4), (2, 3, 1, 16)])
def test_it_is_pytorch_s(shape, scale, masked):
    queries, keys, values = (noise(*shape, seed=seed) for seed in range(3))
    mask = attention.look_back(shape[-2]) if masked else None
    ours, weights = attention.attend(queries, keys, values, scale=scale, mask=mask)
    theirs = functional.scaled_dot_product_attention(
        *map(torch.tensor, (queries, keys, values)),
        scale=scale,
        attn_mask=None if mask is None else torch.tensor(mask),
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-12)
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    if masked:
        assert not np.triu(weights, 1).any()


def test_huge_scores_do_not_overflow():
    _, weights = attention.attend(np.full((2, 4), 1e4), np.eye(4)[:3] * 1e4, np.eye(3))
    np.testing.assert_allclose(weights, 1 / 3)


@pytest.mark.parametrize("heads", [1, 2, 6])
def test_several_heads_are_pytorch_s(heads):
    torch.manual_seed(0)
    theirs = torch.nn.MultiheadAttention(12, heads, batch_first=True, dtype=torch.float64)
    torch.nn.init.normal_(theirs.in_proj_bias)
    made = theirs.in_proj_weight.detach().numpy(), theirs.in_proj_bias.detach().numpy()
    each = [(made[0][at : at + 12].T, made[1][at : at + 12]) for at in (0, 12, 24)]
    out = theirs.out_proj.weight.detach().numpy().T, theirs.out_proj.bias.detach().numpy()
    x = noise(7, 12)
    ours, weights = attention.self_attention(
        x, Projections(query=each[0], key=each[1], value=each[2], output=out), heads=heads
    )
    given = torch.tensor(x)[None]
    expected, their_weights = theirs(given, given, given, average_attn_weights=False)
    np.testing.assert_allclose(ours, expected[0].detach(), atol=1e-12)
    np.testing.assert_allclose(weights, their_weights[0].detach(), atol=1e-12)


def test_entropy_is_scipy_s():
    weights = attention.softmax(noise(4, 5, 9) * 10)
    np.testing.assert_allclose(attention.entropy(weights), scipy_entropy(weights, axis=-1), atol=1e-12)
    assert attention.entropy(np.array([1.0, 0, 0])) == 0
    assert attention.entropy(np.full(8, 1 / 8)) == pytest.approx(math.log(8))


def test_gelu_is_pytorch_s():
    x = np.linspace(-6, 6, 101)
    np.testing.assert_allclose(gelu(x), functional.gelu(torch.tensor(x)), atol=1e-12)
    assert gelu(x.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("width", [4, 64, 1024])
def test_products_spread_as_the_root_of_the_width(width):
    queries, keys = attention_scale.draw(width, 16, seed=1)
    weights, undivided = attention_scale.weigh(queries, keys, 0)
    _, divided = attention_scale.weigh(queries, keys, 0.5)
    assert undivided.scores == pytest.approx(math.sqrt(width), rel=0.05)
    assert divided.scores == pytest.approx(1, rel=0.05)
    assert 8 < divided.words < 13
    probe = torch.tensor(queries[0] @ keys[0].T)
    jacobians = [
        torch.autograd.functional.jacobian(lambda row: functional.softmax(row, -1), row) for row in probe
    ]
    traces = [float(torch.trace(one)) for one in jacobians]
    assert (weights[0] * (1 - weights[0])).sum(axis=-1) == pytest.approx(traces, abs=1e-9)


def test_undivided_nearly_all_weight_goes_to_one_word():
    _, found = attention_scale.weigh(*attention_scale.draw(1024, 16, seed=1), 0)
    assert found.words < 1.2
    assert found.largest > 0.95
    assert found.gradient < 0.1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_places_a_shuffle_moves_outputs_only_to_other_places(seed):
    found = attention_toy.shuffle(WORDS, positions=0, seed=seed)
    assert (found.order != np.arange(len(WORDS))).any()
    np.testing.assert_allclose(found.moved, 0, atol=1e-12)
    turned = found.weights[:, found.order][:, :, found.order]
    np.testing.assert_allclose(found.weights_after, turned, atol=1e-12)


@pytest.mark.parametrize("given", [{"positions": 1}, {"positions": 0, "causal": True}])
def test_places_or_a_mask_make_the_order_count(given):
    assert attention_toy.shuffle(WORDS, seed=1, **given).moved.max() > 0.1
    assert attention_toy.shuffle(WORDS, seed=0, **given).moved.max() == 0


def test_the_heads_look_at_what_they_were_made_for():
    found = attention_toy.shuffle(WORDS, positions=1, seed=4)
    for weights, words in (
        (found.weights, WORDS),
        (found.weights_after, [WORDS[at] for at in found.order]),
    ):
        alike = np.array([[one == other for other in words] for one in words])
        assert (weights[0] * alike).sum(axis=1).min() > 0.7
        assert np.diagonal(weights[1], -1).min() > 0.8
    hot, cold = (
        attention_toy.shuffle(WORDS, positions=1, temperature=by, seed=0).weights for by in (1000, 0.01)
    )
    np.testing.assert_allclose(hot, 1 / len(WORDS), atol=0.01)
    assert cold[1, 1:].max(axis=-1).min() > 0.999


@pytest.mark.parametrize("by", [-3, -1, 2])
def test_a_step_is_a_rotation(by):
    places = attention_toy.places(12)
    after = places @ attention_toy.step(by)
    kept = slice(max(by, 0), 12 + min(by, 0))
    np.testing.assert_allclose(
        after[max(-by, 0) : 12 - max(by, 0)], places[kept] if by > 0 else places[:by], atol=1e-12
    )
    np.testing.assert_allclose(attention_toy.step(by) @ attention_toy.step(-by), np.eye(32), atol=1e-12)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bert")
    return folder, write_bert(folder)


@pytest.mark.parametrize("ids", [[2, 3], [2, 5, 9, 6, 11, 11, 7, 3], [*range(24)]], ids=len)
def test_a_bert_is_pytorch_s(theirs, ids):
    folder, model = theirs
    with torch.no_grad():
        expected = model(torch.tensor([ids]), output_attentions=True)
    found = Bert.read(folder).look(ids)
    assert found.weights.shape == (2, 4, len(ids), len(ids))
    np.testing.assert_allclose(found.weights, torch.cat(expected.attentions), atol=1e-12)
    np.testing.assert_allclose(found.logits, expected.logits[0], atol=1e-12)


def test_what_is_no_bert_is_a_sentence(theirs, tmp_path):
    folder, _ = theirs
    with pytest.raises(SpaceHubError, match="can read only BERT"):
        Bert.read(tmp_path)
    settings = json.loads((folder / "config.json").read_text())
    for change in {"model_type": "gpt2"}, {"num_hidden_layers": 3}, {"num_attention_heads": 5}:
        (tmp_path / "config.json").write_text(json.dumps(settings | change))
        (tmp_path / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
        with pytest.raises(SpaceHubError, match="can read only BERT"):
            Bert.read(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(settings))
    (tmp_path / "model.safetensors").write_bytes(b"\xff" * 40)
    with pytest.raises(SpaceHubError, match="can read only BERT"):
        Bert.read(tmp_path)


def test_shares_are_means_over_the_pieces_that_look():
    weights = attention.softmax(noise(3, 2, 5, 5))
    by_hand = {
        "[CLS]": lambda w: w[:, 0].mean(),
        "[SEP]": lambda w: w[:, 4].mean(),
        "itself": lambda w: np.mean([w[at, at] for at in range(5)]),
        "the token before": lambda w: np.mean([w[at, at - 1] for at in range(1, 5)]),
        "the token after": lambda w: np.mean([w[at, at + 1] for at in range(4)]),
    }
    assert set(by_hand) == set(TARGETS)
    for target, expected in by_hand.items():
        assert share(weights, target)[2, 1] == pytest.approx(expected(weights[2, 1]))
