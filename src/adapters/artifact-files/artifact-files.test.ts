import { artifactFilesContract } from '../../testing/artifact-files-contract.ts';
import { memoryStores } from '../../testing/memory-store.ts';

artifactFilesContract('in memory', async () => {
  const here = memoryStores();
  const test = here.store('test');
  return {
    test,
    stable: here.store('stable'),
    elsewhere: memoryStores().store('elsewhere'),
    plant: async (key, bytes) => void test.plant(key, bytes),
    holdsConditions: true,
    close: async () => {},
  };
});
