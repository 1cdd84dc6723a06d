"""Telling the control plane what happened: steps → counts (``fold``) → one acknowledged report (``reporter``)."""
