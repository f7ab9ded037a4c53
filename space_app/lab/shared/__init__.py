"""Code that several of the Lab's experiments share."""
