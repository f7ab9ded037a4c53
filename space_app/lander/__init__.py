"""The Lander tab."""
