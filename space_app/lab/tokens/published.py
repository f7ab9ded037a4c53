"""Open the published title classifier: its vocabulary, the rarity of its words, and its weights."""

import functools

from space_app import pull
from space_app.served.titles import KEY
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab.attention_bert import FILES, Bert
from spacehub.lab.tokens import Vocabulary, Word, tokenise

TOKENIZER = "tokenizer.json"
# The maximum length of a text in characters.
LONGEST = 5_000
# The page's notice above results of a model that was trained on generated titles.
SIMULATED = "The model was trained on generated titles."


def ready(watch: Watch) -> Status:
    """Return the published model's status.

    Raises
    ------
    SpaceHubError
        If the model is not published yet; the message explains how to publish it.
    """
    return watch.ready(KEY)


def rareness(status: Status) -> dict[str, float]:
    """Return the inverse document frequency of each word in the training titles."""
    return {term: idf for term, (idf, _) in status.served.linear.terms.items() if " " not in term}


def vocabulary(status: Status) -> Vocabulary:
    """Return the tokens in the model's vocabulary.

    Raises
    ------
    SpaceHubError
        If the model uses another tokenisation method.
    """
    return _vocabulary(status.entry.repo_id, status.commit)


def bert(status: Status) -> Bert:
    """Return the model with its weights.

    Raises
    ------
    SpaceHubError
        If the weights are not those of a BERT model.
    """
    return _bert(status.entry.repo_id, status.commit)


def cut_text(text: str, known: Vocabulary) -> list[Word]:
    """Split a text into words and tokens.

    Raises
    ------
    SpaceHubError
        If the text contains no words.
    """
    words = tokenise(text, known)
    if not words:
        raise SpaceHubError("The text has no words.", "Enter some letters, digits or symbols.")
    return words


@functools.lru_cache(maxsize=2)
def _vocabulary(repo_id: str, commit: str) -> Vocabulary:
    folder = pull.pull(repo_id, [TOKENIZER], repo_type="model", commit=commit)
    return Vocabulary.read(folder / TOKENIZER)


# Its weights take 90 MB.
@functools.lru_cache(maxsize=1)
def _bert(repo_id: str, commit: str) -> Bert:
    return Bert.read(pull.pull(repo_id, list(FILES), repo_type="model", commit=commit))
