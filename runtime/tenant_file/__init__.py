"""Development only: a tenant as one YAML file. A runtime that starts from a bundle never loads this package."""

from runtime.tenant_file.reader import read_tenant_file

__all__ = ["read_tenant_file"]
