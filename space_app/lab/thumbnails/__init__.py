"""The pictures of the Lab's index, each of an experiment's first figure."""
