"""How fast Dana's language is beside other interpreters."""
