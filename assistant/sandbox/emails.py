"""The `Emails` port on SendGrid's book in the same process: for tests and simulations, with no HTTP between."""

from assistant.gateways.email_port import Mail
from assistant.gateways.ports import Accepted, Answer, Refused, Unanswered
from assistant.gateways.sendgrid_emails import body
from assistant.sandbox.sendgrid_book import SendGridBook
from assistant.sandbox.sendgrid_shapes import Lost, NotTaken, Taken


class SandboxEmails:
    """Answers as `SendGridEmails` would, faults included, and raises nothing."""

    def __init__(self, book: SendGridBook) -> None:
        self.book = book

    def send(self, mail: Mail) -> Answer:
        match self.book.send(body(mail)):
            case Taken(taken_as):
                return Accepted(taken_as)
            case NotTaken(status):
                return Refused(status, "refused by the sandbox")
            case Lost():
                return Unanswered("the answer was lost")
