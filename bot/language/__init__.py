"""Words: normalisation, spelling, ranking and confidence. Pure."""
