"""Tanya Smart City: everything of the bot except Telegram."""

import os

# One thread for the linear algebra: the matrices are small, and only then are the scores the same to the last bit
# on every machine. It must be set before numpy is imported for the first time.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
