"""The app: Mission control, one tab per model, and the cards."""
