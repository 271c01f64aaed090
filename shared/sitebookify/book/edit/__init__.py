"""The edited book: a language model translates or rewrites its text, and every answer is checked."""
