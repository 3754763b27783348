import { join } from 'node:path';
import { gitContract } from '../../testing/git-contract.ts';
import { serveGit } from '../../testing/git-server.ts';
import { gitAdapter } from './index.ts';

gitContract('the file system', async (root, mirrors) => ({
  git: gitAdapter({ mirrors }),
  remoteOf: (path) => join(root, path),
  close: async () => {},
}));

gitContract('HTTP with a token', async (root, mirrors) => {
  const token = 'a-token-for-tests';
  const server = await serveGit(root, token);
  return { git: gitAdapter({ mirrors, token: () => token }), remoteOf: server.urlOf, close: server.close };
});
