"""The `rules` provider: fills fields by extraction alone, where no language model is set up. English and German."""

from secretary.language.rules.filling import fill_by_rules

__all__ = ["fill_by_rules"]
