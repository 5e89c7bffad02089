"""Which town and village is it, and how much of it is ours?"""
