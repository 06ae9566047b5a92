"""Digital signatures: documents are prepared for them, receive them, and every one that arrives is judged."""
