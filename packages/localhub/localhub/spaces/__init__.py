"""The Space runner: start what a Space holds, as huggingface.co does. Opt-in and on loopback only, as it runs code."""
