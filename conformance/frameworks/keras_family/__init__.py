"""What the Keras variants share."""
