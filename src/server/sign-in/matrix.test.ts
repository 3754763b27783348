import { beforeEach, describe } from 'vitest';
import { TRAIN_DIGEST, smallTrain } from '../../testing/engine-world.ts';
import { MADE_UP, madeUpSite } from '../../testing/made-up-site.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { PEOPLE, securityMatrix, type SecuredSite } from '../../testing/security-matrix.ts';

const roles = {
  'release-manager': [PEOPLE['release-manager']],
  approver: [PEOPLE.approver],
  'triage-reviewer': [PEOPLE['triage-reviewer']],
  'repo-owner': [PEOPLE['repo-owner']],
};

describe.each(['with-role', 'signed-in', 'everybody'] as const)('read by %s', (readers) => {
  let site: SecuredSite;
  beforeEach(() => {
    const app = memoryApp({ loaded: { train: { ...smallTrain, roles, readers }, digest: TRAIN_DIGEST } });
    const { fetch } = madeUpSite(app, { link: false });
    site = { app, origin: 'http://127.0.0.1:8787', fetch, readers };
  });
  securityMatrix(MADE_UP, () => site);
});
