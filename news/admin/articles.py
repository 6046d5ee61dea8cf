"""The staff's workplace for articles."""
