"""Tokens and attention: a text cut into pieces, its words weighed, and how they look at each other."""

from collections.abc import Callable, Mapping, Sequence

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab import attention, attention_api, published_titles
from space_app.lab import tokens_api as api
from space_app.lab import tokens_figures as figures
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.provenance import provenance
from space_app.lab.quantities import share
from space_app.watch import Watch
from space_app.words import esc
from spacehub.lab import tfidf
from spacehub.lab.tokens import UNKNOWN, Vocabulary, Word, cut, fewest, known
from spacehub.serving.words import cut as shorten

SENTENCE = "The spaceplane's heatshield survived reentry, said the exogeologist"
TITLE = "The moon of Saturn and the moon of Mars in one picture"
PUBLISHED, OWN = "the published BERT's", "the pieces below"
PUBLISHED_TITLES, LINES = "the published model's titles", "the lines below"
OWN_PIECES = (
    "the space moon land launch heat ship ##s ##ed ##er ##ing ##shield ##plane ##ship re ##entry a s . ,"
)
# A longer word's letters cannot be told apart in the figure.
LONGEST_DRAWN = 50
SIZES = 14


def _wordpiece_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Textbox(SENTENCE, label="A sentence", info="Press Enter to cut it.", max_length=api.LONGEST),
        gr.Radio([PUBLISHED, OWN], value=PUBLISHED, label="Vocabulary"),
        gr.Slider(4, 100, 100, step=1, label="Of it, the first … %", info="BERT's common words come first."),
        gr.Textbox(OWN_PIECES, label="Pieces of your own", max_length=50_000),
    ]


def _show_wordpiece(watch: Watch) -> Callable[..., View]:
    def show(sentence: str, which: str, keep: float, own: str) -> View:
        text = api.text_of(sentence)
        # Blank pieces of one's own are told as such, not taken for the published ones.
        status, whole = api.vocabulary(watch, (own or " ") if which == OWN else "")
        count = max(1, round(keep / 100 * len(whole.pieces)))
        kept = whole.first(count)
        found = api.cut_text(text, kept)
        total, missed = sum(len(word.pieces) for word in found), api.unknown(found)
        hardest = max(found, key=lambda word: (len(word.pieces), word.pieces == [UNKNOWN]))
        drawn, least = hardest.text[:LONGEST_DRAWN], fewest(hardest.text, kept.pieces)
        return View(
            figures=[
                figures.search(drawn, known(drawn, kept.pieces), cut(drawn, kept.pieces)),
                _sizes(found, whole, count),
            ],
            numbers={
                "Pieces in the vocabulary": f"{len(kept.pieces):,}",
                "Words of the text": f"{len(found):,}",
                "Of them whole in the vocabulary": f"{sum(word.text in kept.pieces for word in found):,}",
                "That cannot be spelt": f"{missed:,}",
                "Pieces in all": f"{total:,}",
                "Pieces a word": f"{total / len(found):.2f}",
                "Fewest for the word drawn": f"{least}" if least else "none fit",
            },
            answer=f"{_told(hardest, least)} {_count(found, 'word')} of the text take{'s' if len(found) == 1 else ''} "
            f"{_count(range(total), 'piece')}.",
            source=cut,
            extra=_cut_words(found)
            + (provenance(status, simulated=published_titles.SIMULATED) if status else ""),
        )

    return show


def _count(things: Sequence, name: str) -> str:
    return f"{len(things):,} {name}{'' if len(things) == 1 else 's'}"


def _told(word: Word, least: int | None) -> str:
    if word.pieces == [UNKNOWN]:
        other = f", though {least} others would spell it" if least else ""
        return f"“{shorten(word.text)}” cannot be cut so: it becomes 1 piece, [UNK]{other}."
    count = len(word.pieces)
    if count == 1:
        return "Every word stands whole in the vocabulary: 1 piece each."
    fewer = f"; {least} would do" if least < count else ""
    return f"“{shorten(word.text)}” takes {count} pieces, {' '.join(word.pieces[:12])}{fewer}."


def _sizes(found: Sequence[Word], whole: Vocabulary, chosen: int) -> go.Figure:
    """Cut the words with ever larger parts of the vocabulary."""
    counts = np.unique(np.geomspace(max(1, len(whole.pieces) // 30), len(whole.pieces), SIZES).astype(int))
    words = {word.text for word in found}
    pieces, unknown = [], []
    for count in counts:
        part = whole.first(count).pieces
        ways = {word: cut(word, part) for word in words}
        pieces.append(sum(len(ways[word.text]) for word in found))
        unknown.append(sum(ways[word.text] == [UNKNOWN] for word in found))
    return figures.sizes(counts, pieces, unknown, chosen)


def _cut_words(found: Sequence[Word]) -> str:
    pieces = " · ".join(
        " ".join(f"<code>{esc(piece)}</code>" for piece in word.pieces) for word in found[:100]
    )
    more = f" and {len(found) - 100:,} words more" if len(found) > 100 else ""
    return f'<p class="provenance" dir="auto">{pieces}{more}</p>'


def _tfidf_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Textbox(TITLE, label="A title", info="Press Enter to weigh it.", max_length=api.LONGEST),
        gr.Radio([LINES, PUBLISHED_TITLES], value=LINES, label="Corpus"),
        gr.Checkbox(False, label="n times the same word count 1 + ln n"),
        gr.Textbox(
            "\n".join(api.CORPUS),
            label="Texts, one a line",
            info="Made up for this. Press Shift and Enter after a change.",
            lines=6,
            max_lines=12,
            max_length=api.LONGEST_CORPUS,
        ),
    ]


def _show_tfidf(watch: Watch) -> Callable[..., View]:
    def show(title: str, which: str, sublinear: bool, lines: str) -> View:
        text = api.text_of(title)
        corpus = api.corpus_of(lines) if which == LINES else []
        status = None if corpus else published_titles.ready(watch)
        idf = published_titles.rareness(status) if status else tfidf.learn(corpus)
        weights = api.weigh(text, idf, sublinear=sublinear)
        word, heaviest = max(weights.items(), key=lambda found: found[1].weight)
        lightest = min(weights, key=lambda name: weights[name].weight)
        unheard = [name for name in dict.fromkeys(tfidf.words(text)) if name not in idf]
        numbers = {
            "Words that the corpus knows": f"{len(idf):,}",
            "Of the title's words it knows": f"{len(weights)} of {len(weights) + len(unheard)}",
            f"Texts with “{shorten(word, 20)}”": _holding(word, heaviest.idf, corpus),
            f"“{shorten(word, 20)}” weighs": f"{heaviest.count} × {heaviest.idf:.2f} → {heaviest.weight:.3f}",
            "The lightest word": f"“{shorten(lightest, 20)}”, {share(weights[lightest].weight ** 2)}",
        }
        if corpus:
            numbers |= _nearest(weights, corpus, idf, sublinear)
        return View(
            figures=[figures.shares(weights), figures.rareness(weights)],
            numbers=numbers,
            answer=f"“{shorten(word)}” carries {share(heaviest.weight**2)} of the title's weight, of "
            f"{len(weights)} word{'s' if len(weights) > 1 else ''} that the corpus knows.",
            source=tfidf.weigh,
            extra=provenance(status, simulated=published_titles.SIMULATED) if status else "",
        )

    return show


def _holding(word: str, idf: float, corpus: Sequence[str]) -> str:
    """Tell how many texts have a word; of the published titles their inverse document frequency is known alone."""
    if corpus:
        return f"{sum(word in tfidf.words(line) for line in corpus):,} of {len(corpus):,}"
    return f"about 1 of {np.exp(idf - 1):,.0f}"


def _nearest(
    weights: Mapping[str, tfidf.Weight], corpus: Sequence[str], idf: Mapping[str, float], sublinear: bool
) -> dict[str, str]:
    """Tell which text of the corpus has the title's words most."""
    nearest, cosine = max(
        ((line, tfidf.cosine(weights, tfidf.weigh(line, idf, sublinear=sublinear))) for line in corpus),
        key=lambda found: found[1],
    )
    return {"The nearest text": shorten(nearest, 60), "Cosine of the two": f"{cosine:.3f}"}


def experiment(watch: Watch) -> Experiment:
    """Return the experiment over the model that `watch` has pulled."""
    return Experiment(
        key="tokens",
        title="Tokens and attention",
        week=8,
        benches=[
            Bench(
                key="wordpiece",
                question="How many pieces does WordPiece need for a word that it has never seen?",
                words="BERT reads no words but pieces of them. From the left the longest piece that fits is taken, then "
                "the longest of the rest. Type a word that nobody has used before, or take part of the vocabulary away.",
                controls=_wordpiece_controls,
                show=_show_wordpiece(watch),
                figures=2,
            ),
            Bench(
                key="tfidf",
                question="Which words carry a title's weight in TF-IDF?",
                words="A word weighs the more, the more often the title has it, and the fewer texts of the corpus do. "
                "Change the title, or the corpus.",
                controls=_tfidf_controls,
                show=_show_tfidf(watch),
                figures=2,
            ),
            *attention.benches(watch),
        ],
        endpoints=[*api.endpoints(watch), *attention_api.endpoints(watch)],
    )
