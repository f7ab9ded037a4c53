"""The data that the Titles tab loads from the Hub: the model, and the dataset's example titles."""

from space_app.served import title_examples as examples
from space_app.watch import Served
from spacehub.serving.titles import predictor

KEY, DATASET = "titles", "space-titles"
SERVED = {
    KEY: Served(files=predictor.FILES, load=predictor.TitlesPredictor),
    DATASET: Served(files=examples.FILES, load=examples.load),
}
# Lists and files of titles are read one at a time.
MANY_QUEUE = {"concurrency_id": "titles-many", "concurrency_limit": 1}
