"""Results written for people: Markdown, and the account of every line. Imports the model only."""
