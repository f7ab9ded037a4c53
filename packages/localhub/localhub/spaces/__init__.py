"""The Space runner: run the code of Spaces, as huggingface.co does. The runner is off by default and works only on loopback."""
