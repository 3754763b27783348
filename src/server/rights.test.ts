import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { succeed } from '../domain/result.ts';
import { smallTrain, TRAIN_DIGEST } from '../testing/engine-world.ts';
import { madePage } from '../testing/made-page.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { PEOPLE, securityMatrix, type SecuredSite } from '../testing/security-matrix.ts';
import { ORIGIN, serving } from '../testing/serving.ts';
import { ACTIONS } from './actions/index.ts';
import { PAGES } from './pages/index.ts';
import { openServer, type OpenServer } from './serve.ts';

const roles = {
  'release-manager': [PEOPLE['release-manager']],
  approver: [PEOPLE.approver],
  'triage-reviewer': [PEOPLE['triage-reviewer']],
  'repo-owner': [PEOPLE['repo-owner']],
};

/** The product's own routes and roles; what is read and done is nothing, so that only the rights decide. */
const pages = PAGES.map(({ path, name }) => madePage({ path, name }));
const actions = ACTIONS.map((action) => ({
  ...action,
  run: () => Promise.resolve(succeed({ to: '/', said: 'Done.', data: null })),
}));

// That of the other readers is tried on made-up routes (sign-in/matrix.test.ts).
const readers = 'with-role';

describe('the routes of the product', () => {
  let site: SecuredSite;
  let server: OpenServer;
  beforeEach(async () => {
    const app = memoryApp({ loaded: { train: { ...smallTrain, roles, readers }, digest: TRAIN_DIGEST } });
    // As one that others reach: on one machine everybody who is signed in reads.
    const safe = { local: false, outside: ORIGIN };
    server = await openServer(serving(app, { safe, pages, actions }));
    site = { app, origin: ORIGIN, fetch: (request) => server.fetch(request), readers };
  });
  afterEach(async () => {
    await server.stop();
  });
  securityMatrix({ pages: PAGES, actions: ACTIONS }, () => site);
});

it('has a role, or says that everybody may, for each thing that can be done', () => {
  expect(PAGES.length).toBeGreaterThan(17);
  expect(ACTIONS.length).toBeGreaterThan(30);
  const names = [...PAGES, ...ACTIONS].map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
