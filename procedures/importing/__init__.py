"""From whatever a source gives to procedures: read, compare, apply."""
