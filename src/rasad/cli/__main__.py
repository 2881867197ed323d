"""``python -m rasad.cli`` is ``rasad``."""

from rasad.cli import main

main()
