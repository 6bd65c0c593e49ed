"""torchmetrics."""
