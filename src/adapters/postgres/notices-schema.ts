/** What people wish to be told, what is on its way to them, and how far the ledger was followed. */
export const NOTICES = `
CREATE TABLE signalbox.notice_choices (
  train      text        NOT NULL,
  login      text        NOT NULL CHECK (login = lower(login)),
  choice     jsonb       NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (train, login)
);
COMMENT ON TABLE signalbox.notice_choices IS 'What a person wishes, mail address included: personal, and therefore not in the ledger.';

CREATE TABLE signalbox.notice_follower (
  train   text    PRIMARY KEY,
  version integer NOT NULL,
  state   jsonb   NOT NULL
);
COMMENT ON TABLE signalbox.notice_follower IS 'How far the ledger was followed, and what waited for whom then.';

CREATE TABLE signalbox.notices (
  train      text        NOT NULL,
  id         text        NOT NULL,
  who        text,
  notice     jsonb       NOT NULL,
  address    jsonb,
  calls      jsonb       NOT NULL,
  state      text        NOT NULL CHECK (state IN ('waiting', 'sent', 'dropped', 'nowhere')),
  why        text,
  not_before timestamptz NOT NULL,
  decided_at timestamptz NOT NULL,
  begun_at   timestamptz,
  settled_at timestamptz,
  PRIMARY KEY (train, id)
);
COMMENT ON TABLE signalbox.notices IS 'What was told to whom, or is to be; the key makes the same thing one, whichever process decides it.';
CREATE INDEX notices_waiting ON signalbox.notices (train, not_before) WHERE state = 'waiting';
CREATE INDEX notices_newest ON signalbox.notices (train, decided_at);
`;

/** What the product's role may do with them. */
export const noticesGrants = (role: string): string => `
    GRANT SELECT, INSERT, UPDATE ON signalbox.notice_choices, signalbox.notice_follower TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON signalbox.notices TO ${role};
  `;
