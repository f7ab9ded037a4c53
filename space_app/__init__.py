"""The app: Mission control, one tab a model, and the cards."""
