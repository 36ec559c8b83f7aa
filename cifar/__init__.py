"""The network runner: the papers' experiments on images, with the update rules of `dynamics`."""
