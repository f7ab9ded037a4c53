"""Run a typical one-file demo: `pipeline()`, timm, skops and `PPO.load` with Gradio's defaults.

    TRUST_REMOTE_CODE=True python -m benchmarks.one_file_demo PORT

`benchmarks.app` compares this demo with the app. The demo loads its models from the Hub in HF_ENDPOINT. Unlike the app,
the demo unpickles the lander.
"""

import json
import os
import sys

import gradio as gr
import gymnasium
import pandas as pd
import skops.io
import timm
import torch
from huggingface_hub import hf_hub_download
from huggingface_sb3 import load_from_hub
from stable_baselines3 import PPO
from transformers import pipeline

NAMESPACE = os.environ.get("SPACEHUB_NAMESPACE", "spacehub")

path = hf_hub_download(f"{NAMESPACE}/falcon9-landing-classifier", "model.skops")
classifier = skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))
network = timm.create_model(f"hf-hub:{NAMESPACE}/eurosat-land-use", pretrained=True).eval()
transform = timm.data.create_transform(**timm.data.resolve_data_config({}, model=network))
classes = network.pretrained_cfg["label_names"]
reader = pipeline("text-classification", model=f"{NAMESPACE}/space-titles-bert", top_k=None)
pilot = PPO.load(load_from_hub(f"{NAMESPACE}/ppo-LunarLander-v3", "ppo-LunarLander-v3.zip"))


def landing(flight):
    """Return the chance that a flight, given as JSON, lands."""
    row = pd.DataFrame([json.loads(flight)], columns=list(classifier.feature_names_in_))
    return {"lands": float(classifier.predict_proba(row)[0, 1])}


def picture(image):
    """Return the probability of each class."""
    with torch.no_grad():
        chances = network(transform(image.convert("RGB"))[None]).softmax(-1)[0]
    return dict(zip(classes, chances.tolist(), strict=True))


def title(text):
    """Return the score of each label."""
    return {answer["label"]: answer["score"] for answer in reader(text)[0]}


def fly(seed):
    """Return the total reward of a flight."""
    world = gymnasium.make("LunarLander-v3")
    seen, _ = world.reset(seed=int(seed))
    total, over = 0.0, False
    while not over:
        action, _ = pilot.predict(seen, deterministic=True)
        seen, reward, terminated, truncated, _ = world.step(action)
        total, over = total + reward, terminated or truncated
    return total


with gr.Blocks() as demo:
    for function, given, answer in (
        (landing, gr.Textbox, gr.Label),
        (picture, lambda: gr.Image(type="pil"), gr.Label),
        (title, gr.Textbox, gr.Label),
        (fly, gr.Number, gr.Number),
    ):
        with gr.Tab(function.__name__.capitalize()):
            gr.Button().click(function, given(), answer(), api_name=function.__name__)
demo.launch(server_port=int(sys.argv[1]))
