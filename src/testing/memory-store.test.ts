import { artifactStoreContract } from './artifact-store-contract.ts';
import { memoryStores } from './memory-store.ts';

artifactStoreContract('memory', async () => {
  const server = memoryStores();
  const store = server.store('a');
  return {
    store,
    neighbour: server.store('b'),
    elsewhere: memoryStores().store('c'),
    plant: async (key, bytes) => void store.plant(key, bytes),
    smallestPart: 4096,
    close: async () => {},
  };
});
