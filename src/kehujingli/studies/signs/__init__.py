"""Which customers show a sign, on which rows does it rest, and did the last ones come true?"""
