"""How a new commit comes to serve: its sizes, its trial in a process with limits, and the commits that served before."""
