"""Extract: each fetched page's content chosen, cleaned and kept as the book's one intermediate form."""
