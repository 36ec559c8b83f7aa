"""Lets these tests import what they share (`numpy_twins`, `problems`), which importlib mode does not."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
