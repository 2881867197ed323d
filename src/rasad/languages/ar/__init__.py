"""Arabic: the files beside this one are described in docs/languages.md."""
