"""What the app reads from the Hub and tabs share with the Lab."""
