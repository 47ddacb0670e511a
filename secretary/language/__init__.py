"""Text into structured output: templates, the language model that fills them, and the rules that do where there is none."""
