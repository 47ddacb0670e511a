"""PDFium and its C functions; pypdfium2 carries no types, so this is where jobs' typed code meets it."""

from typing import Any

import pypdfium2
from pypdfium2 import raw as c_functions

pdfium: Any = pypdfium2
raw: Any = c_functions
