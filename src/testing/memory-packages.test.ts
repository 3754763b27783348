import { memoryPackages } from './memory-packages.ts';
import { INDEX, packageFilesContract } from './package-files-contract.ts';

packageFilesContract('in memory', async (store) => {
  const packages = memoryPackages(async ({ key }) => store.source(key));
  return {
    packages,
    stored: () => packages.files(INDEX),
    yankByHand: (of, reason) => packages.yankByHand(INDEX, of, reason),
    deleteByHand: (name) => packages.deleteByHand(INDEX, name),
    close: async () => {},
  };
});
