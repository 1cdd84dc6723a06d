"""The HTTP edge: body limits, JSON errors, health, and the doors to whatever channels are active."""
