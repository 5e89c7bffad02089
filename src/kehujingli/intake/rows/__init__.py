"""Which rows can be used?"""
