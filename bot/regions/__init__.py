"""Places: finding them in a text, and who took part when."""
