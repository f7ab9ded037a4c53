"""The public part of the challenge: its rules and its leaderboard."""
