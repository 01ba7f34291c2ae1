"""Pure computing: numbers, geometries and frames in; the same out."""
