"""A challenge on the landings: a hidden split, a start and an end, submissions as pull requests, and a leaderboard on the Hub.

The organiser's machine holds the labels and scores; the public dataset has the rows, the rules and the leaderboard.
"""
