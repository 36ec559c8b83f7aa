"""True statements from textbooks: what the engine must not refute, and what it must refute once they are damaged."""
