"""Languages of a document as callers name them (ISO 639, also Tesseract's own names) and as Tesseract names its data."""

import re
from typing import Any, Final

from pydantic_core import PydanticCustomError

_TWO_LETTERS: Final = """
af=afr am=amh ar=ara as=asm az=aze be=bel bg=bul bn=ben bo=bod br=bre bs=bos ca=cat co=cos cs=ces cy=cym da=dan de=deu
dv=div dz=dzo el=ell en=eng eo=epo es=spa et=est eu=eus fa=fas fi=fin fo=fao fr=fra fy=fry ga=gle gd=gla gl=glg gu=guj
he=heb hi=hin hr=hrv ht=hat hu=hun hy=hye id=ind is=isl it=ita iu=iku ja=jpn jv=jav ka=kat kk=kaz km=khm kn=kan ko=kor
ku=kmr ky=kir la=lat lb=ltz lo=lao lt=lit lv=lav mi=mri mk=mkd ml=mal mn=mon mr=mar ms=msa mt=mlt my=mya nb=nor ne=nep
nl=nld nn=nor no=nor oc=oci or=ori pa=pan pl=pol ps=pus pt=por qu=que ro=ron ru=rus sa=san sd=snd si=sin sk=slk sl=slv
sq=sqi sr=srp su=sun sv=swe sw=swa ta=tam te=tel tg=tgk th=tha ti=tir to=ton tr=tur tt=tat ug=uig uk=ukr ur=urd uz=uzb
vi=vie yi=yid yo=yor zh=chi_sim
"""
_THREE_LETTERS: Final = """
alb=sqi arm=hye baq=eus bur=mya chi=chi_sim cze=ces dut=nld fre=fra geo=kat ger=deu gre=ell ice=isl mac=mkd mao=mri
may=msa nno=nor nob=nor per=fas rum=ron slo=slk tib=bod wel=cym zho=chi_sim
"""
_NAMES: Final = dict(pair.split("=") for pair in f"{_TWO_LETTERS}{_THREE_LETTERS}".split())
_SCRIPTS: Final = {"zh-hans": "chi_sim", "zh-hant": "chi_tra", "zh-cn": "chi_sim", "zh-tw": "chi_tra"}
_TESSERACT_NAME: Final = re.compile(r"[a-z]{3}(_[a-z]{2,10}){0,2}")
_MOST_LANGUAGES: Final = 8


def tesseract_name(code: str) -> str | None:
    """What Tesseract calls the data of this language; None for a word that names no language."""
    code = code.lower()
    if code in _SCRIPTS:
        return _SCRIPTS[code]
    primary = code.partition("-")[0]
    name = _NAMES.get(primary, primary)
    return name if _TESSERACT_NAME.fullmatch(name) else None


def language_codes(value: Any) -> Any:
    """`"de,en"`, `"de+en"` or a list of such, as one list without doubles; anything else is left for the model to refuse."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return value
    codes = [code.strip() for part in parts for code in re.split("[,+;]", part) if code.strip()]
    for code in codes:
        if tesseract_name(code) is None:
            raise PydanticCustomError(
                "language",
                "{code} names no language; use ISO 639 codes such as en, de or de,en",
                {"code": repr(code[:40])},
            )
    if not 1 <= len(codes) <= _MOST_LANGUAGES:
        raise PydanticCustomError("language", "must name 1 to {most} languages", {"most": _MOST_LANGUAGES})
    return list(dict.fromkeys(codes))
