"""The images in the Lab's index. Each shows the first figure of an experiment."""
