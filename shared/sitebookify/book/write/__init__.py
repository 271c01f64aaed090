"""Writers: visitors of the typed document, one folder for each format that we write ourselves."""
