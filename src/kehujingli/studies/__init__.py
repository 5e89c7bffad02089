"""What does an analyst look at beside the main line? One file a question; frames and rules in, frames out."""
