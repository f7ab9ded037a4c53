"""Simulated titles, and a BERT small enough to be trained in a test."""

import pytest

from spacehub.data import space_titles
from spacehub.models.titles.titles import Titles, of_tables


@pytest.fixture(scope="session")
def titles() -> Titles:
    """A few hundred simulated titles."""
    tables, _ = space_titles.simulate(0)
    every = of_tables(tables, id="spacehub/space-titles", commit="0" * 40, config="simulated")
    return every.fewer(train=900, judged=60)


@pytest.fixture(scope="session")
def tiny(titles, tmp_path_factory) -> str:
    """The folder of an untrained BERT of 2 layers, with a tokenizer that knows the words."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = sorted({word for text in titles.texts for word in text.lower().split()})
    vocabulary = {
        word: place for place, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words])
    }
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    special = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    folder = tmp_path_factory.mktemp("tiny")
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=80,
    )
    torch.manual_seed(0)
    BertModel(config).save_pretrained(folder)
    return str(folder)
