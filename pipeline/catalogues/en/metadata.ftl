# Metadata

finding-secrecy-doubtful = Page { $page } bears what looks like a secrecy mark but cannot be read surely. Please check at once: secret documents must not be kept in this system.
