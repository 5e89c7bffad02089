"""What is known of a customer, asked, promised, and who is none yet?"""
