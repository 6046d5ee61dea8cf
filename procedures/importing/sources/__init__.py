"""One module a family of formats: from bytes to `Record`s."""
