"""What the runtime says about itself: one line of JSON per event, without secrets and without customers' words."""
