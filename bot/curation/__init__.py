"""From the files in knowledge/ to a checked Knowledge: schema, validation, cross-references, loading."""
