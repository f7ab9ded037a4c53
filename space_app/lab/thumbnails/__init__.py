"""The pictures of the Lab's index, each showing an experiment's first figure."""
