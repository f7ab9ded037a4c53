"""What the tab Titles pulls from the Hub: the model, and the dataset's titles to try."""

from space_app.served import title_examples as examples
from space_app.watch import Served
from spacehub.serving.titles import predictor

KEY, DATASET = "titles", "space-titles"
SERVED = {
    KEY: Served(files=predictor.FILES, load=predictor.TitlesPredictor),
    DATASET: Served(files=examples.FILES, load=examples.load),
}
# The queue's name for all that reads titles, and how many do so at once; of files and lists one at a time.
QUEUE = {"concurrency_id": "titles", "concurrency_limit": 2}
MANY_QUEUE = {"concurrency_id": "titles-many", "concurrency_limit": 1}
