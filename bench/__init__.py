"""The matcher measured against everything else on the same questions: ``make bench``. No part of the bot."""

import bot  # noqa: F401 - it sets one thread for the linear algebra, before numpy is imported
