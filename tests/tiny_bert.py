"""A tiny BERT that classifies, of weights drawn by chance, laid out as the published one."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import BertForSequenceClassification


def write_bert(folder: Path, *, words: int = 24) -> "BertForSequenceClassification":
    """Write its ``config.json`` and ``model.safetensors``, and return it in PyTorch."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, logging

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=words,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=32,
        initializer_range=0.5,
        attn_implementation="eager",
    )
    model = BertForSequenceClassification(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1 * torch.randn_like(parameter)
    model.double()
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    return model
