"""The data that the Satellite tab loads from the Hub: the model, and the dataset's example images."""

from space_app.served import satellite_pictures as examples
from space_app.watch import Served
from spacehub.serving.satellite import predictor

KEY, DATASET = "satellite", "eurosat-rgb"
SERVED = {
    KEY: Served(files=predictor.FILES, load=predictor.SatellitePredictor),
    DATASET: Served(files=examples.FILES, load=examples.load),
}
