"""Networks behind one adapter."""
