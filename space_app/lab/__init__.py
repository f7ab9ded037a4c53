"""The Lab tab, with one package per experiment."""
