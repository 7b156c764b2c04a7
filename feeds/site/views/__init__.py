"""The public pages: GET only, no cookie, the same for all who are not signed in; only reports are posted here."""
