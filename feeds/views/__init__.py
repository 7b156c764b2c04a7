"""The public pages: GET only, no cookie, the same for everyone; only reports are posted here."""
