"""What anyone reads of the challenge: its rules and its leaderboard."""
