"""Whether a password could open an encrypted PDF at all, so that nobody is asked for one in vain."""

from pathlib import Path


def is_strangely_protected(path: Path) -> bool:
    """Whether the document's protection is of a kind, or in a state, for which no password helps."""
    from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFParser

    with path.open("rb") as file:
        try:
            PDFDocument(PDFParser(file))
        except PDFPasswordIncorrect:
            return False
        except (PDFEncryptionError, KeyError):
            return True
        except Exception:  # noqa: BLE001  # pdfminer meets damage with whatever Python raises; PDFium's word stands
            return False
    return False
