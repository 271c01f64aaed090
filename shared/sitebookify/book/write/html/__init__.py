"""The book as one HTML file that needs nothing else: images, style, contents and search are in it."""
