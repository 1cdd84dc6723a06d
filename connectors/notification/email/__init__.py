"""Tells the staff by e-mail, over a mail server of the business."""
