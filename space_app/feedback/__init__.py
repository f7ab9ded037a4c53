"""Right or wrong, said by visitors of an answer, and kept in a dataset of the operator's; off unless they name one."""
