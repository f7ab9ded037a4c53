"""What several of the Lab's experiments share."""
