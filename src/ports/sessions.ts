import type { Instant } from '../domain/instant.ts';
import type { SecretHash } from '../domain/secret-hash.ts';

/** By what somebody showed who they are: a one-time link of this machine, or the forge. */
export type Proof = 'link' | 'forge';

/** Somebody who is signed in. Secrets are known here by their hashes only. */
export interface Session {
  /** Stays the same while the secret is changed; no secret itself. */
  readonly id: string;
  readonly login: string;
  readonly proof: Proof;
  /** Of the key that the session's forms are signed with. */
  readonly formKey: SecretHash;
  readonly createdAt: Instant;
  readonly seenAt: Instant;
  /** When the secret was made. */
  readonly rotatedAt: Instant;
  /** Over when nobody was seen until then. */
  readonly idleUntil: Instant;
  /** Over then, whatever happens. */
  readonly until: Instant;
}

export interface Rotation {
  readonly from: SecretHash;
  readonly to: SecretHash;
  readonly at: Instant;
  /** Until when the secret before is still taken, so that requests under way do not fail. */
  readonly oldUntil: Instant;
}

/** Who is signed in. */
export interface SessionList {
  begin(secret: SecretHash, session: Session): Promise<void>;
  /** Null when there is none, or it is over. `current` is false for the secret before the last change. */
  find(secret: SecretHash, now: Instant): Promise<{ readonly session: Session; readonly current: boolean } | null>;
  seen(id: string, at: Instant, idleUntil: Instant): Promise<void>;
  /** False when `from` is not the secret of the session: another request was first. */
  rotate(id: string, rotation: Rotation): Promise<boolean>;
  /** Ending what is over already is nothing. */
  end(id: string): Promise<void>;
  /** Of a person; returns how many there were. */
  endAll(login: string): Promise<number>;
  count(now: Instant): Promise<number>;
}

/** Codes that sign somebody in once. How old one is goes by the store's own clock: who makes and who takes it may have clocks that differ by weeks. */
export interface OneTimeCodes {
  /** Good for so many seconds. */
  add(code: SecretHash, login: string, seconds: number): Promise<void>;
  /** The login, once; null ever after, and when it is too late. */
  take(code: SecretHash): Promise<string | null>;
}

/** Somebody was sent to the forge to sign in, and is awaited. */
export interface SignInAttempt {
  /** Of the secret that the browser holds which began it; the verifier of PKCE is made from it. */
  readonly browser: SecretHash;
  /** Path to go back to. */
  readonly back: string;
  readonly until: Instant;
}

export interface SignInAttempts {
  add(state: SecretHash, attempt: SignInAttempt): Promise<void>;
  /** Once; null ever after, and when it is too late. */
  take(state: SecretHash, now: Instant): Promise<SignInAttempt | null>;
}

/** A token with which a program acts as a person. */
export interface ApiToken {
  /** To name it by; no secret. */
  readonly id: string;
  readonly login: string;
  /** What it is for, in the words of whoever made it. */
  readonly name: string;
  readonly scope: 'read' | 'write';
  readonly createdAt: Instant;
  readonly until: Instant;
  readonly usedAt: Instant | null;
  readonly revokedAt: Instant | null;
}

export interface ApiTokens {
  add(secret: SecretHash, token: ApiToken): Promise<void>;
  /** Null when there is none, it is over, or it was revoked. */
  find(secret: SecretHash, now: Instant): Promise<ApiToken | null>;
  used(id: string, at: Instant): Promise<void>;
  /** Of a person, or of everybody; newest first, also those that are over. */
  list(login: string | null): Promise<readonly ApiToken[]>;
  /** False when there is none, or it was revoked before. */
  revoke(id: string, at: Instant): Promise<boolean>;
}

/** What signing in has to remember, of one train. Failures of the database throw `LedgerError`. */
export interface Sessions {
  readonly people: SessionList;
  readonly codes: OneTimeCodes;
  readonly attempts: SignInAttempts;
  readonly tokens: ApiTokens;
  /** Forgets sessions and attempts that were over before this moment, and codes that are over; returns how many. */
  forget(before: Instant): Promise<number>;
}
