"""How long an epoch takes, beside the least it could take, and beside PyTorch."""
