"""The outside world as stateful local servers with books of their own: so far Twilio, and a phone to text from."""
