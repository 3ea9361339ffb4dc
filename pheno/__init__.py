"""Exact cross sections, lookup tables and projections for dark-sector searches at lepton beams."""
