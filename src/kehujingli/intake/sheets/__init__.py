"""Which table is it, and which column is which?"""
