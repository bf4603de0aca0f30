"""Use cases: they ask the notebook and the model, and decide. They present nothing."""
