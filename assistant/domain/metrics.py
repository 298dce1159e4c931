"""What the owner reads, as the field defines it: MRR movements, churn rates, and what they are measured against."""

from enum import StrEnum


class Movement(StrEnum):
    """Why recurring revenue is not what it was (`rules.md` 8.5, 8.7). Judged for a client, over all they hold."""

    NEW = "new"
    """Pays for the first time ever."""
    REACTIVATION = "reactivation"
    """Had left, and pays again."""
    EXPANSION = "expansion"
    CONTRACTION = "contraction"
    """Pays less than before: one of several memberships dropped counts here."""
    CHURN = "churn"
    """The last membership ended."""
    PAUSED = "paused"
    RESUMED = "resumed"
