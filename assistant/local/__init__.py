"""One machine running everything: the database, the queue, and the processes of the Procfile under one supervisor."""
