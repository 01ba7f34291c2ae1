import importlib

import pytest

COMPILED = ("edges", "raster", "placement", "nearest", "linref", "lattices")


@pytest.fixture
def uncompiled(monkeypatch):
    """Run the kernels as the Python they are written in, so that they can be stepped through."""
    for name in COMPILED:
        module = importlib.import_module(f"geo.{name}")
        for kernel in [k for k, found in vars(module).items() if hasattr(found, "py_func")]:
            monkeypatch.setattr(module, kernel, getattr(module, kernel).py_func)
