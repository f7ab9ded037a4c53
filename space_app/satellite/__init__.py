"""The Satellite tab."""
