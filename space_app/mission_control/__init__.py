"""The Mission control tab."""
