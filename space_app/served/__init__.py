"""What the app reads from the Hub and shares between the tabs and the Lab."""
