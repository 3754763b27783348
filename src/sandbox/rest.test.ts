import { Octokit } from 'octokit';
import { afterEach, expect, test } from 'vitest';

import { call, cleanUp, git, startSmallWorld } from './test-world.ts';

afterEach(cleanUp);

const widget = '/repos/acme/widget';

test.each([
  ['no token', null, widget, 401, 'Requires authentication'],
  ['an unknown token', 'nobody', widget, 401, 'Bad credentials'],
  ['an unknown repository', 'alma', '/repos/acme/gadget', 404, 'Not Found'],
  ['an unknown route', 'alma', `${widget}/nonsense`, 404, 'Not Found'],
  ['an unknown issue', 'alma', `${widget}/issues/77`, 404, 'Not Found'],
  ['a commit that is none', 'alma', `${widget}/commits/--all`, 422, 'No commit found for SHA: --all'],
  ['a path outside of the tree', 'alma', `${widget}/contents/..%2f..%2fusers.json`, 404, 'Not Found'],
  ['a broken escape', 'alma', `${widget}/git/ref/%E0%A4`, 404, 'Not Found'],
])('%s is refused with its status and a message', async (...[, login, path, status, message]) => {
  const { sandbox } = await startSmallWorld();
  const answer = await call(sandbox, login, { path });
  const documentation = 'https://docs.github.com/rest';
  expect(answer).toMatchObject({ status, body: { message, documentation_url: documentation } });
});

test.each([
  ['is not JSON', '{"title":', 400],
  ['is a list', '[]', 400],
  ['is not UTF-8', Buffer.from('{"title":"\u00e9"}', 'latin1'), 400],
  ['is empty', '', 422],
  ['has a blank title', '{"title":"   "}', 422],
  ['has a title of another type', '{"title":7}', 422],
  ['has an unknown milestone', '{"title":"x","milestone":99}', 422],
  ['has a body beyond 65,536 characters', JSON.stringify({ title: 'x', body: 'y'.repeat(65_537) }), 422],
  ['is larger than a megabyte', JSON.stringify({ title: 'x', body: 'y'.repeat(1_100_000) }), 413],
])('a new issue whose body %s is refused and takes no number', async (_what, raw, status) => {
  const { sandbox } = await startSmallWorld();
  expect((await call(sandbox, 'alma', { method: 'POST', path: `${widget}/issues`, raw })).status).toBe(status);
  const next = await call(sandbox, 'alma', { method: 'POST', path: `${widget}/issues`, body: { title: 'Good' } });
  expect(next.body).toMatchObject({ number: 1 });
});

test('a reader may open an issue and comment, but neither label nor create refs', async () => {
  const { sandbox } = await startSmallWorld();
  const opened = await call(sandbox, 'rita', {
    method: 'POST',
    path: `${widget}/issues`,
    body: { title: 'Hello', labels: ['high priority'] },
  });
  expect(opened).toMatchObject({ status: 201, body: { labels: [], user: { login: 'rita' } } });
  const comment = { method: 'POST', path: `${widget}/issues/1/comments`, body: { body: 'Me too' } };
  expect((await call(sandbox, 'rita', comment)).status).toBe(201);
  const labels = { method: 'POST', path: `${widget}/issues/1/labels`, body: { labels: ['x'] } };
  expect((await call(sandbox, 'rita', labels)).status).toBe(403);
  const ref = { method: 'POST', path: `${widget}/git/refs`, body: { ref: 'refs/heads/x', sha: '0'.repeat(40) } };
  expect((await call(sandbox, 'rita', ref)).status).toBe(403);
});

test('issues are found by state, labels, milestone, creator and time', async () => {
  let now = '2025-06-16T12:00:00Z';
  const { sandbox } = await startSmallWorld({ now: () => now });
  const post = (login: string, path: string, body: object) =>
    call(sandbox, login, { method: 'POST', path: `${widget}${path}`, body });
  await post('alma', '/milestones', { title: '1.0' });
  await post('alma', '/issues', { title: 'one', labels: ['high priority'], milestone: 1 });
  now = '2025-06-17T12:00:00Z';
  await post('wim', '/issues', { title: 'two', labels: ['high priority', 'triaged'] });
  await call(sandbox, 'alma', { method: 'PATCH', path: `${widget}/issues/1`, body: { state: 'closed' } });
  const numbers = async (query: string) => {
    const { body } = await call(sandbox, 'rita', { path: `${widget}/issues?${query}` });
    return (
      JSON.stringify(body)
        .match(/"number":\d+,"title":"(?:one|two)"/gu)
        ?.map((text) => Number(/\d+/u.exec(text)?.[0])) ?? []
    );
  };
  expect(await numbers('')).toEqual([2]);
  expect(await numbers('state=all&direction=asc')).toEqual([1, 2]);
  expect(await numbers('state=all&labels=high%20priority,triaged')).toEqual([2]);
  expect(await numbers('state=all&milestone=1')).toEqual([1]);
  expect(await numbers('state=all&milestone=none')).toEqual([2]);
  expect(await numbers('state=all&creator=wim')).toEqual([2]);
  expect(await numbers('state=all&since=2025-06-17T00:00:00Z&sort=updated&direction=asc')).toEqual([1, 2]);
  const milestone = await call(sandbox, 'rita', { path: `${widget}/milestones/1` });
  expect(milestone.body).toMatchObject({ open_issues: 0, closed_issues: 1 });
});

test('a search finds issues by phrase, place and qualifiers, and refuses what it does not know', async () => {
  const { sandbox } = await startSmallWorld();
  const open = (title: string, body: string) =>
    call(sandbox, 'alma', { method: 'POST', path: `${widget}/issues`, body: { title, body, labels: ['triaged'] } });
  await open('Tracker', 'text <!-- train 1.0 --> more');
  await open('train 1.0', 'something else');
  const found = (q: string) => call(sandbox, 'rita', { path: `/search/issues?q=${encodeURIComponent(q)}` });
  const hit = await found('"<!-- train 1.0 -->" in:body repo:acme/widget is:issue label:triaged');
  expect(hit.body).toMatchObject({ total_count: 1, incomplete_results: false, items: [{ number: 1 }] });
  expect((await found('"train 1.0" repo:acme/widget')).body).toMatchObject({ total_count: 2 });
  expect((await found('"train 1.0" is:pr')).body).toMatchObject({ total_count: 0 });
  expect((await found('reactions:>3')).status).toBe(422);
});

test('an unchanged answer is 304 and costs nothing, and a change makes it 200 again', async () => {
  const { sandbox } = await startSmallWorld({ rateLimit: 100 });
  const path = `${widget}/issues`;
  const first = await call(sandbox, 'wim', { path });
  expect(first.headers.get('x-ratelimit-used')).toBe('1');
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  const second = await call(sandbox, 'wim', { path, headers });
  expect([second.status, second.body, second.headers.get('x-ratelimit-used')]).toEqual([304, '', '1']);
  await call(sandbox, 'alma', { method: 'POST', path, body: { title: 'New' } });
  expect((await call(sandbox, 'wim', { path, headers })).status).toBe(200);
  expect(sandbox.requests.counts()[`GET /api/v3${path}`]).toBe(3);
  expect(sandbox.requests.counted()).toBe(3);
});

test('the limit of an hour refuses further requests until the hour is over', async () => {
  let now = '2025-06-16T12:00:00Z';
  const { sandbox } = await startSmallWorld({ rateLimit: 1, now: () => now });
  expect((await call(sandbox, 'wim', { path: '/user' })).status).toBe(200);
  const refused = await call(sandbox, 'wim', { path: '/user' });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  expect((await call(sandbox, 'wim', { path: '/rate_limit' })).body).toMatchObject({
    rate: { limit: 1, remaining: 0 },
  });
  now = '2025-06-16T13:00:00Z';
  expect((await call(sandbox, 'wim', { path: '/user' })).status).toBe(200);
});

test('an official client pages through 250 labels, in order and without a gap', async () => {
  const { sandbox } = await startSmallWorld();
  const octokit = new Octokit({
    auth: sandbox.tokens['alma'],
    baseUrl: sandbox.apiUrl,
    throttle: { enabled: false },
    retry: { enabled: false },
  });
  const names = Array.from({ length: 250 }, (_unused, index) => `label ${String(index).padStart(3, '0')}`);
  for (const name of names) await octokit.rest.issues.createLabel({ owner: 'acme', repo: 'widget', name });
  const asked = { owner: 'acme', repo: 'widget', per_page: 100 };
  const labels = await octokit.paginate(octokit.rest.issues.listLabelsForRepo, asked);
  expect(labels.map((label) => label.name).filter((name) => name.startsWith('label '))).toEqual(names);
  const branch = await octokit.rest.git.createRef({
    owner: 'acme',
    repo: 'widget',
    ref: 'refs/heads/release/1.0',
    sha: git(sandbox.gitDir('acme', 'widget'), 'rev-parse', 'main'),
  });
  const found = await octokit.rest.repos.getBranch({ owner: 'acme', repo: 'widget', branch: 'release/1.0' });
  expect([found.data.commit.sha, found.data.protected]).toEqual([branch.data.object.sha, true]);
});

test('creating a ref twice is 422, also at the same commit; a fast forward is asked for, and rules hold', async () => {
  const { sandbox } = await startSmallWorld();
  const bare = sandbox.gitDir('acme', 'widget');
  const [head, parent] = [git(bare, 'rev-parse', 'main'), git(bare, 'rev-parse', 'main~1')];
  const ask = (method: string, path: string, body?: object) =>
    call(sandbox, 'wim', { method, path: `${widget}/git/refs${path}`, ...(body === undefined ? {} : { body }) });
  expect((await ask('POST', '', { ref: 'refs/heads/topic', sha: parent })).status).toBe(201);
  const again = await ask('POST', '', { ref: 'refs/heads/topic', sha: parent });
  expect(again).toMatchObject({ status: 422, body: { message: 'Reference already exists' } });
  expect((await ask('POST', '', { ref: 'refs/heads/topic/below', sha: parent })).status).toBe(422);
  expect((await ask('POST', '', { ref: 'refs/heads/a..b', sha: parent })).status).toBe(422);
  expect((await ask('POST', '', { ref: 'refs/heads/x', sha: 'f'.repeat(40) })).status).toBe(422);
  expect((await ask('PATCH', '/heads/topic', { sha: head })).status).toBe(200);
  const back = await ask('PATCH', '/heads/topic', { sha: parent });
  expect(back).toMatchObject({ status: 422, body: { message: 'Update is not a fast forward' } });
  expect((await ask('PATCH', '/heads/topic', { sha: parent, force: true })).status).toBe(200);
  expect((await ask('POST', '', { ref: 'refs/tags/v1.0.0', sha: head })).status).toBe(201);
  expect((await ask('DELETE', '/tags/v1.0.0')).status).toBe(422);
  expect((await ask('DELETE', '/heads/topic')).status).toBe(204);
  expect((await ask('DELETE', '/heads/topic')).status).toBe(422);
});

test('files come as base64 in lines, or raw, or as a listing', async () => {
  const { sandbox } = await startSmallWorld();
  const path = `${widget}/contents/lines.txt`;
  const { body } = await call(sandbox, 'rita', { path });
  expect(body).toMatchObject({ type: 'file', encoding: 'base64', path: 'lines.txt', name: 'lines.txt' });
  const raw = await call(sandbox, 'rita', { path, headers: { accept: 'application/vnd.github.raw+json' } });
  expect(raw.body).toMatch(/^line 0\nline 1\n/u);
  const list = await call(sandbox, 'rita', { path: `${widget}/contents` });
  expect(list.body).toMatchObject([{ name: 'README.md' }, { name: 'lines.txt' }]);
});

test('a retried check counts once, with the newest conclusion, unless all are asked for', async () => {
  const { sandbox } = await startSmallWorld();
  const sha = git(sandbox.gitDir('acme', 'widget'), 'rev-parse', 'main');
  const create = (conclusion: string) =>
    call(sandbox, 'ci-bot', {
      method: 'POST',
      path: `${widget}/check-runs`,
      body: { name: 'test', head_sha: sha, status: 'completed', conclusion },
    });
  await create('failure');
  await create('success');
  const latest = await call(sandbox, 'rita', { path: `${widget}/commits/main/check-runs` });
  expect(latest.body).toMatchObject({ total_count: 1, check_runs: [{ conclusion: 'success', status: 'completed' }] });
  const all = await call(sandbox, 'rita', { path: `${widget}/commits/${sha}/check-runs?filter=all` });
  expect(all.body).toMatchObject({ total_count: 2 });
});

test('the combined status is red when one context is, and only its newest state counts', async () => {
  const { sandbox } = await startSmallWorld();
  const sha = git(sandbox.gitDir('acme', 'widget'), 'rev-parse', 'main');
  const set = (context: string, state: string) =>
    call(sandbox, 'ci-bot', { method: 'POST', path: `${widget}/statuses/${sha}`, body: { context, state } });
  const combined = async () => (await call(sandbox, 'rita', { path: `${widget}/commits/main/status` })).body;
  expect(await combined()).toMatchObject({ state: 'pending', total_count: 0 });
  await set('a', 'failure');
  await set('b', 'success');
  expect(await combined()).toMatchObject({ state: 'failure', total_count: 2 });
  await set('a', 'success');
  expect(await combined()).toMatchObject({ state: 'success', total_count: 2 });
});

test('a comparison tells how far two branches are apart, and in which files', async () => {
  const { sandbox } = await startSmallWorld();
  const answer = await call(sandbox, 'rita', { path: `${widget}/compare/main~1...main` });
  expect(answer.status).toBe(404);
  const bare = sandbox.gitDir('acme', 'widget');
  const [head, parent] = [git(bare, 'rev-parse', 'main'), git(bare, 'rev-parse', 'main~1')];
  const compared = await call(sandbox, 'rita', { path: `${widget}/compare/${parent}...${head}` });
  expect(compared.body).toMatchObject({
    status: 'ahead',
    ahead_by: 1,
    behind_by: 0,
    commits: [{ sha: head }],
    files: [{ filename: 'lines.txt', status: 'added', additions: 20 }],
  });
});

test.each([
  [{ status: 503, headers: { 'retry-after': '2' } }, 503, false],
  [{ status: 502 }, 502, false],
] as const)('a set fault answers once without the effect: %j', async (fault, status, happened) => {
  const { sandbox } = await startSmallWorld();
  sandbox.faults.next({ method: 'POST', path: /\/issues$/u, login: 'alma' }, fault);
  const post = { method: 'POST', path: `${widget}/issues`, body: { title: 'One' } };
  const answer = await call(sandbox, 'alma', post);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('retry-after')).toBe('headers' in fault ? fault.headers['retry-after'] : null);
  expect((await call(sandbox, 'alma', { path: `${widget}/issues/1` })).status === 200).toBe(happened);
  expect((await call(sandbox, 'alma', post)).status).toBe(201);
});

test.each([
  ['reset', 404],
  ['reset-after-effect', 200],
] as const)('a connection %s leaves the issue %i', async (fault, status) => {
  const { sandbox } = await startSmallWorld();
  sandbox.faults.next({ method: 'POST' }, fault);
  const post = { method: 'POST', path: `${widget}/issues`, body: { title: 'One' } };
  await expect(call(sandbox, 'alma', post)).rejects.toThrow('fetch failed');
  expect((await call(sandbox, 'alma', { path: `${widget}/issues/1` })).status).toBe(status);
  expect(sandbox.requests.all()[0]).toMatchObject({ method: 'POST', status: 0 });
});
