"""Build the networks: any of timm's, and the course's two-convolution network."""

import copy

import torch
from torch import nn

from spacehub.errors import SpaceHubError

TWO_CONVOLUTIONS = "two-convolutions"


def create(architecture: str, classes: int, *, size: int, drop: float = 0.0) -> nn.Module:
    """Create a network with random weights that maps images (N, 3, size, size) to logits (N, classes).

    Raises
    ------
    SpaceHubError
        If timm has no architecture with that name.
    """
    if architecture == TWO_CONVOLUTIONS:
        return TwoConvolutions(classes)
    import timm

    if not timm.is_model(architecture):
        near = ", ".join(timm.list_models(f"*{architecture.split('_')[0]}*")[:5]) or "resnet10t"
        raise SpaceHubError(
            f"timm has no architecture named {architecture!r}.",
            f"Use an architecture that timm.list_models() lists, such as {near}.",
        )
    options = {"num_classes": classes, "drop_rate": drop}
    for more in ({"drop_path_rate": drop / 2}, {"img_size": size, "drop_path_rate": drop / 2}, {}):
        try:
            built = timm.create_model(architecture, **options, **more)
            with torch.inference_mode():
                built.eval()(torch.zeros(1, 3, size, size))
            return built.train()
        except (
            TypeError,
            AssertionError,
        ):  # it does not have this option, or takes only images of one size
            continue
    raise SpaceHubError(
        f"{architecture} does not support images of {size} × {size} pixels.",
        "Choose another --size or --architecture.",
    )


def freeze(network: nn.Module, stages: int) -> None:
    """Exclude the first stages of a timm network, starting with its stem, from training.

    The maps of these stages are the largest, so a step is a third faster without their gradients. Batch normalisation still updates its
    statistics.
    """
    if not stages:
        return
    from timm.models import group_parameters

    places = group_parameters(network, network.group_matcher(coarse=True), reverse=True)
    for name, value in network.named_parameters():
        value.requires_grad_(places[name] >= stages)


class TwoConvolutions(nn.Module):
    """Two convolutions with pooling, and a linear layer on the mean of their outputs: the course's first CNN."""

    def __init__(self, classes: int):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Linear(64, classes)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return logits (N, classes) of images (N, 3, H, W)."""
        return self.classifier(self.features(pixels).mean((2, 3)))


def padded_once(network: nn.Module, size: int) -> nn.Module:
    """Return a copy with fixed padding for images of this size; timm computes TensorFlow's padding at every call."""
    from timm.layers import Conv2dSame

    fixed = copy.deepcopy(network).eval()
    shapes: dict[nn.Module, tuple[int, int]] = {}
    convolutions = {name: layer for name, layer in fixed.named_modules() if isinstance(layer, Conv2dSame)}
    hooks = [
        layer.register_forward_pre_hook(lambda layer, given: shapes.update({layer: given[0].shape[-2:]}))
        for layer in convolutions.values()
    ]
    with torch.inference_mode():
        fixed(torch.zeros(1, 3, size, size))
    for hook in hooks:
        hook.remove()
    for name, layer in convolutions.items():
        wanted = [
            max((-(-length // stride) - 1) * stride + (kernel - 1) * dilation + 1 - length, 0)
            for length, stride, kernel, dilation in zip(
                shapes[layer], layer.stride, layer.kernel_size, layer.dilation, strict=True
            )
        ]
        height, width = wanted
        padding = nn.ZeroPad2d((width // 2, width - width // 2, height // 2, height - height // 2))
        plain = nn.Conv2d(
            layer.in_channels,
            layer.out_channels,
            layer.kernel_size,
            layer.stride,
            dilation=layer.dilation,
            groups=layer.groups,
            bias=layer.bias is not None,
        )
        plain.load_state_dict(layer.state_dict())
        fixed.set_submodule(name, nn.Sequential(padding, plain))
    return fixed


class WithMap(nn.Module):
    """A timm network that returns, in addition to the logits, the class activation map (Zhou et al. 2016).

    The logit of a class is the mean of its map plus the classifier's bias, so the map shows exactly
    what each place added.
    """

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits (N, classes) and maps (N, classes, h, w)."""
        seen = self.network.forward_features(pixels)
        maps = torch.einsum("nchw,kc->nkhw", seen, self.network.get_classifier().weight)
        return self.network.forward_head(seen), maps
