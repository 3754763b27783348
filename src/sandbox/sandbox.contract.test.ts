import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Called, call, cleanUp, startSmallWorld } from './test-world.ts';

/**
 * The sandbox's answers beside those of an independent emulator of GitHub, for what that one does right. Each request
 * goes to both, in order; statuses, fields and types must agree but for the differences listed here with their reason.
 */
interface Step {
  readonly says: string;
  readonly method: string;
  /** Below the repository. */
  readonly path: string;
  readonly body?: unknown;
  readonly raw?: string;
  /** What the sandbox answers: two that agree on a wrong answer would not be found out otherwise. */
  readonly status: number;
}

const steps: readonly Step[] = [
  {
    says: 'a label is created',
    status: 201,
    method: 'POST',
    path: '/labels',
    body: { name: 'kind: bug', color: 'd73a4a' },
  },
  {
    says: 'a label is created twice',
    status: 422,
    method: 'POST',
    path: '/labels',
    body: { name: 'kind: bug', color: 'd73a4a' },
  },
  {
    says: 'a label without a name is created',
    status: 422,
    method: 'POST',
    path: '/labels',
    body: { color: 'd73a4a' },
  },
  { says: 'a label is read', status: 200, method: 'GET', path: '/labels/kind%3A%20bug' },
  { says: 'an unknown label is read', status: 404, method: 'GET', path: '/labels/nothing' },
  {
    says: 'a label is changed',
    status: 200,
    method: 'PATCH',
    path: '/labels/kind%3A%20bug',
    body: { description: 'Wrong' },
  },
  {
    says: 'a milestone is created',
    status: 201,
    method: 'POST',
    path: '/milestones',
    body: { title: '1.0', description: 'First' },
  },
  { says: 'a milestone without a title is created', status: 422, method: 'POST', path: '/milestones', body: {} },
  { says: 'a milestone is created twice', status: 422, method: 'POST', path: '/milestones', body: { title: '1.0' } },
  { says: 'milestones are listed', status: 200, method: 'GET', path: '/milestones?state=all' },
  { says: 'an unknown milestone is read', status: 404, method: 'GET', path: '/milestones/99' },
  {
    says: 'an issue is opened',
    status: 201,
    method: 'POST',
    path: '/issues',
    body: { title: 'It breaks', body: 'Often', labels: ['kind: bug'], milestone: 1 },
  },
  { says: 'an issue without a title is opened', status: 422, method: 'POST', path: '/issues', body: { body: 'x' } },
  { says: 'a broken body is sent', status: 400, method: 'POST', path: '/issues', raw: '{"title":' },
  { says: 'an empty body is sent', status: 422, method: 'POST', path: '/issues' },
  { says: 'an issue is read', status: 200, method: 'GET', path: '/issues/1' },
  { says: 'an unknown issue is read', status: 404, method: 'GET', path: '/issues/99' },
  { says: 'issues are listed by label', status: 200, method: 'GET', path: '/issues?labels=kind%3A%20bug' },
  { says: 'issues are listed by another label', status: 200, method: 'GET', path: '/issues?labels=nothing' },
  {
    says: 'an issue is commented',
    status: 201,
    method: 'POST',
    path: '/issues/1/comments',
    body: { body: 'Seen too' },
  },
  { says: 'an empty comment is made', status: 422, method: 'POST', path: '/issues/1/comments', body: {} },
  {
    says: 'an unknown issue is commented',
    status: 404,
    method: 'POST',
    path: '/issues/99/comments',
    body: { body: 'x' },
  },
  { says: 'comments are listed', status: 200, method: 'GET', path: '/issues/1/comments' },
  { says: 'a label is put on', status: 200, method: 'POST', path: '/issues/1/labels', body: { labels: ['kind: bug'] } },
  { says: 'labels of an issue are listed', status: 200, method: 'GET', path: '/issues/1/labels' },
  { says: 'a label is taken off', status: 200, method: 'DELETE', path: '/issues/1/labels/kind%3A%20bug' },
  { says: 'a label is taken off twice', status: 404, method: 'DELETE', path: '/issues/1/labels/kind%3A%20bug' },
  { says: 'an issue is closed', status: 200, method: 'PATCH', path: '/issues/1', body: { state: 'closed' } },
  { says: 'a closed issue is reopened', status: 200, method: 'PATCH', path: '/issues/1', body: { state: 'open' } },
  { says: 'a milestone is closed', status: 200, method: 'PATCH', path: '/milestones/1', body: { state: 'closed' } },
  { says: 'a milestone is read', status: 200, method: 'GET', path: '/milestones/1' },
];

/** What differs, as `differences` tells it, and why. */
const known: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a milestone is created twice': {
    'status: ours 422, theirs 201': 'GitHub keeps titles of milestones unique; the emulator makes a twin',
  },
  'an empty body is sent': {
    'status: ours 422, theirs 400':
      'requests without fields, such as a merge, come without a body from many clients, so none is read as {}',
  },
};

type Shape = ReadonlyMap<string, string>;

/** The type of each field by its path; of a list, the shape of its first item. */
function shapeOf(value: unknown, path = ''): Shape {
  if (Array.isArray(value)) return new Map([[path, 'list'], ...shapeOf(value[0], `${path}[]`)]);
  if (typeof value !== 'object' || value === null) return new Map([[path, value === null ? 'null' : typeof value]]);
  return new Map([
    [path, 'object'],
    ...Object.entries(value).flatMap(([key, part]) => [...shapeOf(part, `${path}.${key}`)]),
  ]);
}

function differences(ours: Called, theirs: Called): readonly string[] {
  // An error and a success have nothing to compare.
  if (ours.status !== theirs.status) return [`status: ours ${ours.status}, theirs ${theirs.status}`];
  const found: string[] = [];
  const [own, other] = [shapeOf(ours.body), shapeOf(theirs.body)];
  for (const [path, type] of other) {
    const mine = own.get(path);
    if (mine === undefined) found.push(`${path}: we lack this ${type}`);
    else if (mine !== type) found.push(`${path}: ours is ${mine}, theirs ${type}`);
  }
  return found;
}

describe('the sandbox answers as an independent emulator of GitHub does', () => {
  let emulator: Emulator | undefined;
  let ask: (step: Step) => Promise<{ ours: Called; theirs: Called }>;

  beforeAll(async () => {
    const started = await createEmulator({
      service: 'github',
      port: 0,
      seed: {
        tokens: { 'emulator-token': { login: 'alma', scopes: ['repo'] } },
        github: { users: [{ login: 'alma' }], repos: [{ owner: 'alma', name: 'widget', auto_init: true }] },
      },
    });
    emulator = started;
    const { sandbox } = await startSmallWorld();
    const them = { apiUrl: started.url, tokens: { alma: 'emulator-token' } };
    const headers = { 'content-type': 'application/json' };
    ask = async ({ path, says: _says, status: _status, ...step }) => ({
      ours: await call(sandbox, 'alma', { ...step, path: `/repos/acme/widget${path}`, headers }),
      theirs: await call(them, 'alma', { ...step, path: `/repos/alma/widget${path}`, headers }),
    });
  });
  afterAll(async () => {
    await emulator?.close();
    await cleanUp();
  });

  test.each(steps)('$says', async (step) => {
    const { ours, theirs } = await ask(step);
    expect(ours.status).toBe(step.status);
    expect(differences(ours, theirs)).toEqual(Object.keys(known[step.says] ?? {}));
  });
});
