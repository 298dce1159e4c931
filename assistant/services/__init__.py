"""What we do: functions that take a `UnitOfWork`, or a `Runtime` where a provider is asked."""
