"""The work of a `transformer` job: a template filled from a text or from what lies at an address, as results and as files."""

import json

from secretary.documents.collected_text import MAX_CHARACTERS
from secretary.documents.source_text import SaidOfSource, read_source
from secretary.errors import FileMissing
from secretary.handlers import Context
from secretary.language.transforming import Stretch, Transformation, transform
from secretary.language.wishes import WishedTemplate, template_for_job
from secretary.parameters.transformer import TransformerParameters
from secretary.results.filling import FilledTemplate
from secretary.results.transformer import TextSource, TransformerResults, TransformerStructuredData

_STEM = "transformed"
_STRETCH = Stretch("transforming_text", 50, 89)


def run(parameters: TransformerParameters, context: Context) -> TransformerResults:
    """Fill the template; leaves `transformed.md` and `transformed.json`."""
    context.report("initializing", 0, "Starting")
    text, source = _read(parameters, context)
    context.report("loading_template", 20, "Loading the template")
    wished = template_for_job(parameters.template_wish, context.providers.templates)
    if wished.warning:
        context.warn(wished.warning)
    context.report("transforming_text", 50, "Filling the template")
    filled = transform(_order(parameters, wished, text, source), context, _STRETCH)
    context.report("finalizing", 90, "Writing the results")
    data = TransformerStructuredData(
        fields=filled.template_fields,
        filling=filled.filling,
        source=source,
        source_language=parameters.source_language,
        target_language=parameters.target_language,
    )
    _write(filled, data, context)
    return TransformerResults(
        transformed_text=_shown(filled.transformed_text, context),
        template_fields=filled.template_fields,
        structured_data=data,
        target_dir="",
    )


def _read(parameters: TransformerParameters, context: Context) -> tuple[str, TextSource]:
    if parameters.text is not None:
        return parameters.text, TextSource(kind="text")
    info = context.source_info
    if context.source is None or info is None:
        raise FileMissing("What lies at this address has not been fetched.")
    said = SaidOfSource(info.media_type, info.charset)
    read = read_source(context.source, said, context.directory, context.limits, sign_of_life=context.sign_of_life)
    for warning in read.warnings:
        context.warn(warning)
    return read.text, TextSource(kind=read.kind, url=info.url, title=read.title)


def _order(parameters: TransformerParameters, wished: WishedTemplate, text: str, source: TextSource) -> Transformation:
    variables = {
        "url": source.url or parameters.url,
        "source_language": parameters.source_language,
        "target_language": parameters.target_language,
    }
    return Transformation(
        template=wished.template,
        text=text,
        context=parameters.context or {},
        source_language=parameters.source_language,
        target_language=parameters.target_language,
        variables=variables,
    )


def _write(filled: FilledTemplate, data: TransformerStructuredData, context: Context) -> None:
    markdown = context.directory / f"{_STEM}.md"
    markdown.write_text(filled.transformed_text, encoding="utf-8", newline="")
    told = json.dumps(data.model_dump(mode="json"), ensure_ascii=False, indent=2)
    (context.directory / f"{_STEM}.json").write_text(told, encoding="utf-8", newline="\n")


def _shown(text: str, context: Context) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    context.warn(
        f"The filled template is longer than {MAX_CHARACTERS:,} characters: transformed_text holds its beginning, "
        f"{_STEM}.md all of it."
    )
    return text[:MAX_CHARACTERS]
