/** A page as it came from outside. */
export interface PublicPage {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** The address it came from in the end, against which its links are resolved. */
  readonly url: string;
}

/**
 * A channel as everybody sees it: by HTTP, without credentials. Null is the answer that nothing is there; whatever else keeps an answer from coming is
 * thrown as an error with a code.
 */
export interface PublicChannel {
  /** A page of an index in one of its forms: asked for by content negotiation, JSON otherwise by the file beside the HTML. */
  page(address: string, form: 'html' | 'json'): Promise<PublicPage | null>;
  /** Whether a file answers, by its head alone; the size where the server tells it. */
  probe(address: string): Promise<{ readonly size: number | null } | null>;
  /** A small file, whole; one over `most` bytes is a failure. */
  file(address: string, most: number): Promise<Uint8Array | null>;
}
