"""The course's graded exercises, and the code that checks them."""
