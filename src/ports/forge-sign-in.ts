/** What a browser takes to the forge. */
export interface SignInAsked {
  readonly state: string;
  /** Of PKCE: the SHA-256 of the verifier, in base64url. */
  readonly challenge: string;
  /** Where the forge sends the browser back to. */
  readonly redirect: string;
}

/** What it brings back. */
export interface SignInAnswer {
  readonly code: string;
  readonly verifier: string;
  readonly redirect: string;
}

/** Signs people in by the forge's word (OAuth 2 with PKCE). */
export interface ForgeSignIn {
  /** Where the browser is sent. */
  authorizeUrl(asked: SignInAsked): string;
  /** Login of the person who came back with this code. Throws `ForgeError`: `not-signed-in` when the forge does not take the code. */
  loginOf(answer: SignInAnswer): Promise<string>;
}
