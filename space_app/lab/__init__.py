"""The tab Lab: a sub-tab an experiment."""
