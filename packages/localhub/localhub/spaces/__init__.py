"""The Space runner: run the code of Spaces, as huggingface.co does. It is off by default and works only on loopback."""
