"""What did the bank export? Files in; accepted rows, refused rows and findings out. Nothing is lost, nothing is guessed in silence."""
