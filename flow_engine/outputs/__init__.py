"""What the bot says: the output values, their codec, and how a channel's limits shape them."""
