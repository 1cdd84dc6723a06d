"""Runtimes as StatefulSets of one pod, kept by server-side apply (docs/adr/0030-runtimes-on-kubernetes.md)."""
