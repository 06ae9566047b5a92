"""How well documents are read: every field judged against what a person saw, and what the reading cost."""
