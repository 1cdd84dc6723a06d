"""The command line: the only part of the engine that reads files and prints."""
