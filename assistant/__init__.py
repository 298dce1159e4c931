"""The membership assistant of a medical spa: members text, and the books are right."""
