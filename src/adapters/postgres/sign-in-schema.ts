/** Who is signed in, what may sign somebody in, and tokens. Of secrets there are hashes only. */
export const SIGN_IN = `
CREATE TABLE signalbox.sessions (
  train      text        NOT NULL,
  id         text        NOT NULL,
  secret     text        NOT NULL,
  form_key   text        NOT NULL,
  login      text        NOT NULL,
  proof      text        NOT NULL CHECK (proof IN ('link', 'forge')),
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  rotated_at timestamptz NOT NULL,
  idle_until timestamptz NOT NULL,
  until      timestamptz NOT NULL,
  old_secret text,
  old_until  timestamptz,
  PRIMARY KEY (train, id),
  UNIQUE (train, secret)
);
COMMENT ON TABLE signalbox.sessions IS 'Who is signed in. secret, old_secret and form_key are SHA-256 of what the browser holds.';
CREATE INDEX sessions_old_secret ON signalbox.sessions (train, old_secret) WHERE old_secret IS NOT NULL;

CREATE TABLE signalbox.sign_in_codes (
  train  text        NOT NULL,
  secret text        NOT NULL,
  login  text        NOT NULL,
  until  timestamptz NOT NULL,
  PRIMARY KEY (train, secret)
);
COMMENT ON TABLE signalbox.sign_in_codes IS 'Links that sign somebody in once; a row is gone when it was used.';

CREATE TABLE signalbox.sign_in_attempts (
  train   text        NOT NULL,
  state   text        NOT NULL,
  browser text        NOT NULL,
  back    text        NOT NULL,
  until   timestamptz NOT NULL,
  PRIMARY KEY (train, state)
);
COMMENT ON TABLE signalbox.sign_in_attempts IS 'Who was sent to the forge and is awaited; a row is gone when they came back.';

CREATE TABLE signalbox.api_tokens (
  train      text        NOT NULL,
  id         text        NOT NULL,
  secret     text        NOT NULL,
  login      text        NOT NULL,
  name       text        NOT NULL,
  scope      text        NOT NULL CHECK (scope IN ('read', 'write')),
  created_at timestamptz NOT NULL,
  until      timestamptz NOT NULL,
  used_at    timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (train, id),
  UNIQUE (train, secret)
);
COMMENT ON TABLE signalbox.api_tokens IS 'Never deleted by the product, so that what a token did can be told later.';
`;

/** What the product's role may do with them. */
export const signInGrants = (role: string): string => `
    GRANT SELECT, INSERT, UPDATE, DELETE ON signalbox.sessions TO ${role};
    GRANT SELECT, INSERT, DELETE ON signalbox.sign_in_codes, signalbox.sign_in_attempts TO ${role};
    GRANT SELECT, INSERT, UPDATE ON signalbox.api_tokens TO ${role};
  `;
