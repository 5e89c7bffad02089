"""Who is to be visited by when, on which day, and what came of it?"""
