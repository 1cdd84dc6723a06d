"""What the page *Publish* is made from: what changes, who stands in the way, what the checks say, what would differ."""
