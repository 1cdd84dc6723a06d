"""Runtimes as StatefulSets of one pod, kept by server-side apply (docs/adr/0027-runtimes-on-kubernetes.md)."""
