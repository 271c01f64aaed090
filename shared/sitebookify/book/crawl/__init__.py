"""The first stage: from a start URL to the pages of the book, politely and in an order that every run repeats."""
