import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { ForgeError, type Forge } from '../../ports/forge.ts';
import { json, scriptedServer, text, type Scene, type ScriptedServer } from '../../testing/scripted-server.ts';
import type { HttpLimits } from '../http/exchange.ts';
import type { Timers } from '../http/timers.ts';
import { githubForge } from './index.ts';

const SECRET = 'ghp_0123456789secret';
const repo = RepoSlug.parse('acme/core');
const commit = ObjectId.parse('a'.repeat(40));
let server: ScriptedServer;
let waits: number[] = [];

/** Timers that write down how long was slept, and never let time pass by themselves. */
const instantly: Timers = {
  sleep: async (millis) => {
    waits.push(millis);
  },
  after: () => () => undefined,
  random: () => 0,
};

interface Changes {
  readonly timers?: Timers;
  readonly limits?: Partial<HttpLimits>;
  readonly token?: () => string | null;
}

function forge(changes: Changes = {}): Forge {
  return githubForge({
    apiUrl: server.url,
    token: () => SECRET,
    userAgent: 'signalbox-tests',
    now: () => Instant.parse('2025-06-16T12:00:00Z'),
    timers: instantly,
    ...changes,
  });
}

const MILESTONE = {
  number: 3,
  title: '2.8.0',
  state: 'open',
  open_issues: 0,
  closed_issues: 0,
  html_url: 'https://github.com/acme/core/milestone/3',
};
const readMilestone = (over: Forge = forge()): Promise<unknown> => over.milestones.find(repo, '2.8.0');
const writeMilestone = (): Promise<unknown> => forge().milestones.create(repo, { title: '2.8.0', description: '' });

async function failed(call: Promise<unknown>): Promise<ForgeError> {
  const answer = await call.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  if (answer instanceof ForgeError) return answer;
  throw new Error('expected a ForgeError', { cause: answer });
}

beforeAll(async () => {
  server = await scriptedServer();
});
afterEach(() => {
  // oxlint-disable vitest/no-standalone-expect -- holds for every test: no scene is left over, no address holds the token
  expect(server.left()).toBe(0);
  expect(server.seen.filter(({ path }) => path.includes(SECRET))).toEqual([]);
  // oxlint-enable vitest/no-standalone-expect
  waits = [];
});
afterAll(async () => {
  await server.close();
});

const reset: Scene = (response) => response.socket?.resetAndDestroy();
const brokenOff: Scene = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
  response.write('[{"number": 3,');
  setImmediate(() => response.socket?.destroy());
};

describe('a refusal of GitHub', () => {
  it.each([
    ['a token that is not valid', 401, {}, 'not-signed-in'],
    ['a missing permission', 403, { 'x-ratelimit-remaining': '4999' }, 'not-allowed'],
    ['a repository that is not there', 404, {}, 'not-found'],
    ['issues that are switched off', 410, {}, 'not-found'],
    ['a repository taken down by law', 451, {}, 'not-allowed'],
    ['a query that it cannot read', 422, {}, 'invalid'],
  ] as const)('of %s is told once, with what to do', async (_name, status, headers, code) => {
    server.play([json(status, { message: 'No, \u202egnp.\u001b[31m' }, headers)]);
    const error = await failed(readMilestone());
    expect(error).toMatchObject({ code, status });
    expect(error.message).toMatch(/^GitHub: cannot read the milestones of acme\/core: .*\(\d+\)\. [A-Z].*\.$/);
    expect(error.message).not.toContain('\u001b');
    expect(error.message).not.toContain('\u202e');
    expect(waits).toEqual([]);
  });

  it('never shows the token, wherever GitHub or the network repeats it', async () => {
    server.play([json(403, { message: `Bad: ${SECRET}` })]);
    const error = await failed(readMilestone());
    expect(error.message).not.toContain(SECRET);
    expect(JSON.stringify(error.cause ?? null)).not.toContain(SECRET);
  });

  it('of a token with a line end in it is told before anything is sent', async () => {
    server.play([]);
    const error = await failed(readMilestone(forge({ token: () => `${SECRET}\n` })));
    expect(error.code).toBe('not-signed-in');
    expect(error.message).not.toContain(SECRET);
    expect(server.seen).toEqual([]);
  });
});

describe('a call that failed', () => {
  it.each([
    ['500', json(500, {})],
    ['502 with a page of a proxy', text(502, '<html>Bad Gateway</html>', 'text/html')],
    ['503', json(503, {})],
    ['504', json(504, {})],
    ['a connection reset', reset],
    ['an answer that breaks off', brokenOff],
  ])('is read again after %s', async (_name, scene) => {
    server.play([scene, scene, json(200, [MILESTONE])]);
    expect(await readMilestone()).toMatchObject({ number: 3 });
    expect(waits).toEqual([500, 1000]);
  });

  it.each([
    ['500', json(500, {}), 'unavailable'],
    ['503 with a time to wait', json(503, {}, { 'retry-after': '1' }), 'unavailable'],
    ['a connection reset', reset, 'unreachable'],
    ['an answer that breaks off', brokenOff, 'unreachable'],
  ] as const)('is not written again after %s, since it may have been done', async (_name, scene, code) => {
    server.play([scene]);
    const error = await failed(writeMilestone());
    expect(error.code).toBe(code);
    expect(error.message).toContain('Whether it was done is not known: run the command again');
    expect(waits).toEqual([]);
  });

  it('is given up after four attempts', async () => {
    server.play([json(500, {}), json(500, {}), json(500, {}), json(500, {})]);
    expect((await failed(readMilestone())).code).toBe('unavailable');
    expect(waits).toEqual([500, 1000, 2000]);
  });

  it('waits as long as a 503 asks', async () => {
    server.play([json(503, {}, { 'retry-after': '7' }), json(200, [MILESTONE])]);
    await readMilestone();
    expect(waits).toEqual([7000]);
  });

  it('is told as unreachable when nobody listens', async () => {
    const nobody = await scriptedServer();
    await nobody.close();
    const over = githubForge({
      apiUrl: nobody.url,
      token: () => SECRET,
      userAgent: 'x',
      timers: instantly,
      now: () => Instant.parse('2025-06-16T12:00:00Z'),
    });
    server.play([]);
    expect((await failed(readMilestone(over))).message).toContain('cannot be reached (ECONNREFUSED)');
  });
});

describe('a rate limit', () => {
  const primary = {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Date.UTC(2025, 5, 16, 12, 0, 20) / 1000),
  };
  it.each([
    ['429 with a time', 429, { 'retry-after': '3' }, {}, 3000],
    ['429 with a date', 429, { 'retry-after': 'Mon, 16 Jun 2025 12:00:05 GMT' }, {}, 5000],
    ['429 with nonsense for a time', 429, { 'retry-after': '-1e9' }, {}, 60_000],
    ['403 of the secondary limit with a time', 403, { 'retry-after': '2' }, {}, 2000],
    [
      '403 of the secondary limit without one',
      403,
      {},
      { message: 'You have exceeded a secondary rate limit.' },
      60_000,
    ],
    ['403 of the hourly limit', 403, primary, {}, 20_000],
  ] as const)('of %s is waited out, and then also a write is made', async (...given) => {
    const [, status, headers, body, wait] = given;
    server.play([json(status, body, headers), json(201, MILESTONE)]);
    expect(await writeMilestone()).toMatchObject({ number: 3 });
    expect(waits).toEqual([wait]);
  });

  it('that lasts too long is told at once, with its end', async () => {
    server.play([
      json(403, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.UTC(2025, 5, 16, 13) / 1000) }),
    ]);
    const error = await failed(readMilestone());
    expect(error.code).toBe('rate-limited');
    expect(error.message).toContain('until 2025-06-16T13:00:00.000Z');
    expect(waits).toEqual([]);
  });

  it('with an endless time does not break the message', async () => {
    server.play([json(429, {}, { 'retry-after': '999999999' })]);
    expect((await failed(readMilestone())).code).toBe('rate-limited');
  });
});

describe('an answer that is not what GitHub documents', () => {
  const unnumbered: Record<string, unknown> = { ...MILESTONE };
  delete unnumbered['number'];
  it.each([
    ['truncated JSON', text(200, '[{"number": 3,', 'application/json')],
    ['HTML', text(200, '<html>Sign in</html>', 'text/html')],
    ['nothing', text(200, '', 'application/json')],
    ['no list', json(200, { milestones: [] })],
    ['a missing field', json(200, [unnumbered])],
    ['a field of another kind', json(200, [{ ...MILESTONE, open_issues: '0' }])],
    ['a state that is new', json(200, [{ ...MILESTONE, state: 'frozen' }])],
    ['a link that is a script', json(200, [{ ...MILESTONE, html_url: 'javascript:alert(1)' }])],
    ['not modified, without having been asked', (response: Parameters<Scene>[0]) => response.writeHead(304).end()],
  ])('such as %s is an error that names the route', async (_name, scene) => {
    server.play([scene]);
    const error = await failed(readMilestone());
    expect(error.code).toBe('unexpected-answer');
    expect(error.message).toContain('acme/core');
  });

  it('names the route and the field', async () => {
    server.play([json(200, [unnumbered])]);
    expect((await failed(readMilestone())).message).toBe(
      'GitHub: cannot read the milestones of acme/core: GET /repos/acme/core/milestones answered with 0.number not as documented. Nothing was concluded from it. Check that the address is that of a GitHub API.',
    );
  });

  it('and 50 MB long is left in the middle', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    server.play([
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = (): void => {
          while (sent < 50 && response.writable) {
            sent += 1;
            if (!response.write(chunk)) {
              response.once('drain', more);
              return;
            }
          }
          response.end();
        };
        more();
      },
    ]);
    const error = await failed(readMilestone());
    expect(error.code).toBe('unexpected-answer');
    expect(error.message).toContain('is over 20971520 bytes');
    expect(sent).toBeLessThan(50);
  });

  it('and says beforehand that it is too long is not read at all', async () => {
    server.play([(response) => response.writeHead(200, { 'content-length': '60000000' }).flushHeaders()]);
    expect((await failed(readMilestone())).message).toContain('is over 20971520 bytes');
  });
});

describe('an answer that does not come', () => {
  it('is given up after its time, and a read asked for again', async () => {
    const pending: (() => void)[] = [];
    const timers: Timers = {
      ...instantly,
      after: (_millis, act) => {
        pending.push(act);
        return () => undefined;
      },
    };
    server.play([() => pending.shift()?.(), json(200, [MILESTONE])]);
    expect(await readMilestone(forge({ timers }))).toMatchObject({ number: 3 });
    expect(waits).toEqual([500]);
  });

  it('of a write is told as not known', async () => {
    const pending: (() => void)[] = [];
    const timers: Timers = { ...instantly, after: (_millis, act) => (pending.push(act), () => undefined) };
    server.play([() => pending.shift()?.()]);
    const over = forge({ timers });
    const error = await failed(over.milestones.create(repo, { title: 'x', description: '' }));
    expect(error.message).toContain('did not answer within 30 seconds. Whether it was done is not known');
  });
});

const again: Scene = (response, { path }) => response.writeHead(307, { location: path }).end();

describe('a repository that was moved', () => {
  it('is followed on the same host when reading', async () => {
    server.play([
      (response) => response.writeHead(301, { location: '/repositories/7/milestones' }).end(),
      json(200, [MILESTONE]),
    ]);
    expect(await readMilestone()).toMatchObject({ number: 3 });
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/repos/acme/core/milestones?state=all&per_page=100',
      '/repositories/7/milestones',
    ]);
  });

  it('is not followed to another host, where the token would go', async () => {
    server.play([(response) => response.writeHead(302, { location: 'http://127.0.0.2:1/latest/meta-data' }).end()]);
    expect((await failed(readMilestone())).message).toContain('redirects to another host, which is not followed');
  });

  it('in circles is an error', async () => {
    server.play([again], true);
    expect((await failed(readMilestone())).message).toContain('redirects in circles');
    expect(server.seen).toHaveLength(6);
  });

  it('is not written to under its old name', async () => {
    server.play([(response) => response.writeHead(307, { location: '/repositories/7/milestones' }).end()]);
    const error = await failed(writeMilestone());
    expect(error.code).toBe('not-found');
    expect(error.message).toContain('the repository has moved (307). Write its present name into the train file.');
  });

  it('has its pull requests looked for under its present owner', async () => {
    server.play([
      (response) => response.writeHead(301, { location: '/repositories/7/pulls' }).end(),
      json(200, []),
      json(200, { name: 'core', owner: { login: 'newhome' } }),
      json(200, []),
    ]);
    expect(await forge().pulls.find(repo, { head: 'topic', base: 'main' })).toEqual([]);
    expect(server.seen.at(-1)?.path).toContain('head=newhome%3Atopic');
  });
});

const page = (next: string): Scene => json(200, [], { link: `<${next}>; rel="next"` });

describe('a list', () => {
  it('whose next page is itself is an error', async () => {
    const self: Scene = (response, request) =>
      page(`${server.url}/repos/acme/core/milestones?page=2`)(response, request);
    server.play([self], true);
    expect((await failed(readMilestone())).message).toContain('pages that lead in a circle');
    expect(server.seen).toHaveLength(2);
  });

  it('without end is given up after 1,000 pages', async () => {
    let count = 1;
    const more: Scene = (response, request) => {
      count += 1;
      page(`${server.url}/repos/acme/core/milestones?page=${count}`)(response, request);
    };
    server.play([more], true);
    expect((await failed(readMilestone())).message).toContain('more than 1000 pages');
    expect(server.seen).toHaveLength(1000);
  });

  it('whose next page is elsewhere is not followed', async () => {
    server.play([page('http://127.0.0.2:1/steal')]);
    expect((await failed(readMilestone())).message).toContain('127.0.0.2:1, which is not called');
  });
});

describe('an address or a name that must not be called', () => {
  it.each([
    ['ftp://github.com', 'not encrypted'],
    ['http://github.com', 'not encrypted'],
    ['http://127.0.0.1.evil.example', 'not encrypted'],
    ['https://user:password@github.com', 'user name or password'],
    ['https://github.com/?x=1', 'has a query'],
    ['github.com', 'is none'],
    ['', 'is none'],
  ])('such as the API at "%s" is refused at once', (apiUrl, why) => {
    server.play([]);
    const make = (): Forge =>
      githubForge({ apiUrl, token: () => null, userAgent: 'x', now: () => Instant.parse('2025-06-16T12:00:00Z') });
    expect(make).toThrow(why);
  });

  it('such as a repository named ".." is refused before anything is sent', async () => {
    server.play([]);
    const error = await failed(forge().milestones.find(RepoSlug.parse('acme/..'), 'x'));
    expect(error.code).toBe('invalid');
    expect(server.seen).toEqual([]);
  });

  it('such as a label with slashes and dots stays one name', async () => {
    server.play([json(200, { name: '../../x y?#%' })]);
    expect(await forge().labels.find(repo, '../../x y?#%')).toEqual({ name: '../../x y?#%' });
    expect(server.seen[0]?.path).toBe('/repos/acme/core/labels/..%2F..%2Fx%20y%3F%23%25');
  });
});

const notModified: Scene = (response) => response.writeHead(304).end();

const broken: Scene = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', etag: '"bad"' }).end('[{');
};

describe('a second look', () => {
  it('is conditional, and what has not changed is what was kept, pages included', async () => {
    const next = `${server.url}/repos/acme/core/milestones?page=2`;
    server.play([
      json(200, [], { etag: '"one"', link: `<${next}>; rel="next"` }),
      json(200, [MILESTONE], { etag: '"two"' }),
      notModified,
      notModified,
    ]);
    const over = forge();
    const first = await readMilestone(over);
    expect(await readMilestone(over)).toEqual(first);
    expect(server.seen.map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      undefined,
      '"one"',
      '"two"',
    ]);
  });

  it('with another token does not see what the first one saw', async () => {
    let token = 'first';
    server.play([json(200, [MILESTONE], { etag: '"one"' }), json(200, [])]);
    const over = forge({ token: () => token });
    await readMilestone(over);
    token = 'second';
    expect(await readMilestone(over)).toBeNull();
    expect(server.seen[1]?.headers['if-none-match']).toBeUndefined();
  });

  it('does not keep an answer that is not JSON', async () => {
    server.play([broken, json(200, [MILESTONE])]);
    const over = forge();
    await failed(readMilestone(over));
    expect(await readMilestone(over)).toMatchObject({ number: 3 });
    expect(server.seen[1]?.headers['if-none-match']).toBeUndefined();
  });
});

const run = (id: number, change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id,
  name: 'build',
  status: 'completed',
  conclusion: 'success',
  started_at: '2025-06-16T10:00:00Z',
  completed_at: '2025-06-16T10:05:00Z',
  html_url: 'https://github.com/x',
  check_suite: { id: 1 },
  app: { slug: 'github-actions' },
  ...change,
});

const onCommit = (): Promise<unknown> => forge().checks.onCommit(repo, commit);

describe('checks', () => {
  const none = json(200, { total_count: 0, statuses: [] });
  const answers =
    (runs: readonly unknown[], workflows: Scene | null = null): Scene =>
    (response, request) => {
      if (request.path.includes('/check-runs'))
        json(200, { total_count: runs.length, check_runs: runs })(response, request);
      else if (request.path.includes('/actions/runs') && workflows !== null) workflows(response, request);
      else if (request.path.includes('/status')) none(response, request);
      else response.writeHead(599).end();
    };

  it.each([
    ['success', 'green'],
    ['failure', 'red'],
    ['timed_out', 'red'],
    ['startup_failure', 'red'],
    ['cancelled', 'cancelled'],
    ['stale', 'cancelled'],
    ['skipped', 'skipped'],
    ['neutral', 'skipped'],
    ['action_required', 'needs-action'],
  ])('that ended as %s are %s', async (conclusion, state) => {
    server.play([answers([run(1, { conclusion })])], true);
    expect(await onCommit()).toMatchObject([{ state, attempts: 1 }]);
  });

  it.each([
    ['an end that is new', { conclusion: 'mostly_fine' }],
    ['a state that is new', { status: 'dreaming', conclusion: null }],
    ['an end without a conclusion', { conclusion: null }],
  ])('with %s are an error, never green', async (_name, change) => {
    server.play([answers([run(1, change)])], true);
    expect((await failed(onCommit())).code).toBe('unexpected-answer');
  });

  it.each([
    ['failure', 'success'],
    ['success', 'failure'],
  ])('of one name in two workflows, first %s and then %s, are as bad as the worse one', async (first, second) => {
    const runs = [run(1, { conclusion: first }), run(2, { conclusion: second, check_suite: { id: 2 } })];
    const workflow_runs = [
      { check_suite_id: 1, workflow_id: 10 },
      { check_suite_id: 2, workflow_id: 20 },
    ];
    server.play([answers(runs, json(200, { workflow_runs }))], true);
    expect(await onCommit()).toMatchObject([{ name: 'build', state: 'red' }]);
  });

  it('with ids beyond what a number holds are still told apart by them', async () => {
    const body = JSON.stringify({
      total_count: 2,
      check_runs: [run(1), run(2, { conclusion: 'failure' })],
    });
    const huge = body
      .replace('"id":1,"name"', '"id":9007199254740995,"name"')
      .replace('"id":2,"name"', '"id":9007199254740994,"name"');
    const runs: Scene = (response, request) =>
      (request.path.includes('/check-runs') ? text(200, huge, 'application/json') : none)(response, request);
    server.play([runs], true);
    expect(await onCommit()).toMatchObject([{ state: 'green', attempts: 2 }]);
  });

  it('of one workflow that was started again are what its newest run says', async () => {
    const runs = [run(2, { check_suite: { id: 2 } }), run(1, { conclusion: 'failure' })];
    const workflow_runs = [
      { check_suite_id: 1, workflow_id: 10 },
      { check_suite_id: 2, workflow_id: 10 },
    ];
    server.play([answers(runs, json(200, { workflow_runs }))], true);
    expect(await onCommit()).toMatchObject([{ name: 'build', state: 'green', attempts: 2 }]);
  });

  it('of one name in suites whose workflow is hidden from the token are as bad as the worst', async () => {
    const runs = [run(1, { conclusion: 'failure' }), run(2, { check_suite: { id: 2 } })];
    server.play([answers(runs, json(403, { message: 'Resource not accessible' }))], true);
    expect(await onCommit()).toMatchObject([{ name: 'build', state: 'red' }]);
  });
});

const made = (change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  number: 5,
  title: 't',
  body: null,
  state: 'open',
  user: null,
  assignees: [],
  labels: [],
  milestone: null,
  created_at: '2025-06-16T10:00:00Z',
  updated_at: '2025-06-16T10:00:00Z',
  html_url: 'https://github.com/x/5',
  ...change,
});

describe('an issue', () => {
  const draft = { title: 't', body: 'b', labels: [], milestone: null, assignees: [] };

  it('is opened without the assignees that GitHub refuses, and shows who is left', async () => {
    const refused = { message: 'Validation Failed', errors: [{ field: 'assignees', code: 'invalid', value: 'typo' }] };
    server.play([json(422, refused), json(201, made({ assignees: [{ login: 'alma' }] }))]);
    const item = await forge().issues.create(repo, { ...draft, assignees: ['alma', 'typo'] });
    expect(item).toMatchObject({ number: 5, author: 'ghost', body: '', assignees: ['alma'] });
    expect(server.seen.map(({ body }) => z.json().parse(JSON.parse(body)))).toMatchObject([
      { assignees: ['alma', 'typo'] },
      { assignees: ['alma'] },
    ]);
  });

  it('that GitHub opened without its label is told, with its number', async () => {
    server.play([json(201, made())]);
    const error = await failed(forge().issues.create(repo, { ...draft, labels: ['release tracker'] }));
    expect(error.code).toBe('not-allowed');
    expect(error.message).toContain('acme/core#5 was opened, but without label "release tracker"');
  });

  it('that was transferred elsewhere is not taken for the one asked for', async () => {
    server.play([json(200, made({ number: 99 }))]);
    expect((await failed(forge().issues.get(repo, 5))).message).toContain(
      'one that was moved to https://github.com/x/5',
    );
  });

  it('is looked for by its marker in the search too when there are more than the newest 500', async () => {
    const page = (number: number): Scene =>
      json(200, [made({ number })], { link: `<${server.url}/repos/acme/core/issues?page=${number}>; rel="next"` });
    const body = 'x <!-- signalbox:tracker:2.8 --> y';
    const similar = made({ number: 2, body: 'signalbox:tracker:2.8' });
    server.play([
      ...[906, 905, 904, 903, 902, 901].map(page),
      json(200, { incomplete_results: false, items: [made({ number: 1, body }), similar] }),
    ]);
    const found = await forge().issues.findByMarker(repo, 'signalbox:tracker:2.8');
    expect(found.map(({ number }) => number)).toEqual([1]);
    expect(server.seen.at(-1)?.path).toContain('q=%22signalbox%3Atracker%3A2.8%22%20in%3Abody%20repo%3Aacme%2Fcore');
  });

  it('is not said to be missing when the search gave up half-way', async () => {
    const page = (number: number): Scene =>
      json(200, [made({ number })], { link: `<${server.url}/repos/acme/core/issues?page=${number}>; rel="next"` });
    server.play([...[6, 5, 4, 3, 2, 1].map(page), json(200, { incomplete_results: true, items: [] })]);
    expect((await failed(forge().issues.findByMarker(repo, 'x'))).code).toBe('unavailable');
  });
});

const pull = (change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  number: 8,
  title: 't',
  body: null,
  state: 'open',
  merged_at: null,
  node_id: 'PR_1',
  labels: [],
  updated_at: '2025-06-16T10:00:00Z',
  merge_commit_sha: 'f'.repeat(40),
  head: { ref: 'topic', sha: commit, repo: { id: 1, full_name: 'acme/core' } },
  base: { ref: 'main', repo: { id: 1 } },
  user: { login: 'alma' },
  html_url: 'https://github.com/x/8',
  ...change,
});

describe('a pull request', () => {
  const between = { head: 'topic', base: 'main' };

  it('from a fork, or from another branch, is not one of ours', async () => {
    const head = { ref: 'topic', sha: commit };
    const base = { ref: 'release/2.8', repo: { id: 1 } };
    server.play([
      json(200, [
        pull({ head: { ...head, repo: { id: 2, full_name: 'rita/core' } } }),
        pull({ head: { ...head, repo: null } }),
        pull({ base }),
      ]),
    ]);
    expect(await forge().pulls.find(repo, between)).toEqual([]);
  });

  it('has no merge commit before it is merged, though GitHub names a trial merge', async () => {
    server.play([json(200, [pull()])]);
    expect(await forge().pulls.find(repo, between)).toMatchObject([{ state: 'open', mergeCommit: null }]);
  });

  it('that exists already is given back when opening is refused', async () => {
    server.play([
      json(422, { message: 'Validation Failed', errors: ['A pull request already exists'] }),
      json(200, [pull()]),
    ]);
    expect(await forge().pulls.open(repo, { ...between, title: 't', body: '', draft: false })).toMatchObject({
      number: 8,
    });
  });

  it('without commits is refused with what GitHub says', async () => {
    const errors = [{ resource: 'PullRequest', code: 'custom', message: 'No commits between main and topic' }];
    server.play([json(422, { message: 'Validation Failed', errors }), json(200, [])]);
    const error = await failed(forge().pulls.open(repo, { ...between, title: 't', body: '', draft: false }));
    expect(error.message).toContain('it says "Validation Failed; No commits between main and topic"');
  });
});
