"""What the tab Titles pulls from the Hub: the model, and the dataset's example titles."""

from space_app.served import title_examples as examples
from space_app.watch import Served
from spacehub.serving.titles import predictor

KEY, DATASET = "titles", "space-titles"
SERVED = {
    KEY: Served(files=predictor.FILES, load=predictor.TitlesPredictor),
    DATASET: Served(files=examples.FILES, load=examples.load),
}
# The queue of everything that reads titles, and how many such jobs run at once; files and lists run one
# at a time.
QUEUE = {"concurrency_id": "titles", "concurrency_limit": 2}
MANY_QUEUE = {"concurrency_id": "titles-many", "concurrency_limit": 1}
