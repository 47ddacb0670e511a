"""What jobs read out of documents: text, tables, metadata and page images; only children that run a job load this."""
