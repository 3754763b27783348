import type { Stores } from '../app/stores.ts';

/** For an app whose channels nobody asks for. */
export const noStores: Stores = { of: () => Promise.reject(new Error('nobody was to ask for a store')) };
