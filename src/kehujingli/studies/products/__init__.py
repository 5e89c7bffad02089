"""What is on the shelf, who may have it, who has it, and what goes with it?"""
