/** What an address answered: 2xx is there, anything else is not. */
export interface LinkAnswer {
  readonly status: number;
}

/** Looks at the addresses of texts that people will read, without credentials. */
export interface LinkLooker {
  /**
   * Asks for the head of a page, or for the page where heads are refused, and follows redirects. Only addresses that everybody reaches are called, on each hop,
   * besides the `own` hosts. Throws `LinkError`.
   */
  look(address: string, own: ReadonlySet<string>): Promise<LinkAnswer>;
}

/** Why an address was not looked at to its end. `not-public`: it leads to a network that not everybody reaches, and was not called. */
export class LinkError extends Error {
  readonly code: 'unreachable' | 'not-public' | 'circles';
  constructor(code: LinkError['code'], message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = 'LinkError';
    this.code = code;
  }
}
