"""Names that mean two things, by how they are called."""
