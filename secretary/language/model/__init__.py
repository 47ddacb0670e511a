"""The language model: any OpenAI-compatible server, asked for the fields of a template and believed in nothing."""
