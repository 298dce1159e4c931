-- Members, and the texts they sent, each once.
CREATE TABLE member (id bigint PRIMARY KEY, phone text NOT NULL UNIQUE, first_name text NOT NULL, state text NOT NULL);
CREATE TABLE inbound (
    message_sid text PRIMARY KEY,
    member_id bigint,
    body text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);
