"""Registers of the trade as others publish and read them, in and out."""
