"""Where could the lines of classes be drawn, and who crosses them?"""
