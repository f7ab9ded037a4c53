"""The course's graded exercises, and what checks them."""
