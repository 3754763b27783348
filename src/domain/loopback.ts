/** Hosts of a URL that are this machine: what is said to them leaves it on no wire. */
export const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
