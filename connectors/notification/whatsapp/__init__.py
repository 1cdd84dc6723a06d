"""Tells the staff on WhatsApp, from the number of the business."""
