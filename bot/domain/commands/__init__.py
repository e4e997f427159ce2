"""Commands in a chat: their definitions, how they are typed, and what is said to and fro."""
