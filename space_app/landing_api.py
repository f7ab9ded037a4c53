"""The endpoints of the landing model: what a program calls instead of clicking."""
