import type { Page } from '../page.ts';

/** Every page there is, in the order of the API's description. */
export const PAGES: readonly Page[] = [];
