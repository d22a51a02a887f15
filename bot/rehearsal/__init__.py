"""Asking the test questions of knowledge/uji/ and telling how well they were answered."""
