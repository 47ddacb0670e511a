"""Reading a page from its picture, by whichever engine this machine has; no engine is loaded before a page needs it."""

from secretary.documents.ocr.engines import Equipment, equipment, open_engine
from secretary.documents.ocr.reading import OcrEngine, OcrReading, Word
from secretary.documents.ocr.scanning import scan

__all__ = ["Equipment", "OcrEngine", "OcrReading", "Word", "equipment", "open_engine", "scan"]
