"""What the app tells of itself: a log of requests, metrics, and how inputs drift. Never an input."""
