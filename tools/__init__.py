"""Programs that write what is generated in this checkout; a package, so that no installed one takes the name."""
