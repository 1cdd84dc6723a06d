"""Containers by way of the Docker Engine API, which Docker and Podman (`podman system service`) both serve."""
