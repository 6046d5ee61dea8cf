"""Illustrative data calls since 2023: what units handed in, what was compiled of it, what they are stuck with."""
