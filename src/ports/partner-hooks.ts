/** A message as it is sent: signed over exactly these bytes. */
export interface PartnerMessage {
  readonly url: string;
  /** Whether an address that not everybody reaches may be called. */
  readonly isPrivate: boolean;
  /** The same at every try, so that the partner can tell a second one. */
  readonly id: string;
  /** Seconds since 1970, of this try. */
  readonly timestamp: number;
  readonly body: string;
  /** `v1,BASE64`, one for each secret that is good now. */
  readonly signatures: readonly string[];
}

/**
 * Why a message was not taken. `unreachable`: no answer, or no address that may be called. `refused`: an answer other than 2xx, redirects included.
 * `gone`: 410, the partner wants no more.
 */
export type PartnerFailure = 'unreachable' | 'refused' | 'gone';

export class PartnerError extends Error {
  readonly code: PartnerFailure;
  constructor(code: PartnerFailure, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = 'PartnerError';
    this.code = code;
  }
}

/** Posts to partners. */
export interface PartnerHooks {
  /** Sends once, follows nothing; returns the status of 2xx. Throws `PartnerError`. */
  post(message: PartnerMessage): Promise<{ readonly status: number }>;
}
