"""The tab Lab, with one package per experiment."""
