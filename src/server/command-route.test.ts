import { afterEach, expect, it } from 'vitest';
import { CommandEvent, COMMANDS_PATH } from '../api/command.ts';
import { record } from '../app/record.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { tokenGuard } from '../testing/token-guard.ts';
import { commandRoutes, type RunCommand } from './command-route.ts';

const guard = tokenGuard({
  ana: { login: 'ana', roles: ['release-manager'], how: 'token', scope: 'write' },
  ben: { login: 'ben', roles: [], how: 'token', scope: 'write' },
  eye: { login: 'ana', roles: ['release-manager'], how: 'token', scope: 'read' },
  page: { login: 'ana', roles: [], how: 'session', scope: 'write' },
});
const terminal = { columns: 80, rows: null, stdoutIsTty: false, stderrIsTty: false, stdinIsTty: true, env: {} };
const app = memoryApp();
const readers: ReadableStreamDefaultReader<Uint8Array>[] = [];

function routesFor(run: RunCommand) {
  const { routes } = commandRoutes({ app, guard, run, log: () => undefined });
  const post = (path: string, body: unknown, token = 'ana') =>
    routes.request(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return { post, begin: (argv: readonly string[], token?: string) => post(COMMANDS_PATH, { argv, terminal }, token) };
}

/** Reads one event after the other. */
function eventsOf(response: Response): () => Promise<CommandEvent | null> {
  const body: ReadableStream<Uint8Array> | null = response.body;
  if (body === null) throw new Error('no body');
  const reader = body.getReader();
  readers.push(reader);
  let rest = '';
  return async function next(): Promise<CommandEvent | null> {
    const end = rest.indexOf('\n');
    if (end !== -1) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      return CommandEvent.parse(JSON.parse(line));
    }
    const piece = await reader.read();
    if (piece.value === undefined) return null;
    rest += new TextDecoder().decode(piece.value);
    return next();
  };
}

afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.cancel();
});

it('runs as the person of the token, and sends what it writes in order', async () => {
  const { begin } = routesFor(async (argv, as, caller) => {
    caller.send({ kind: 'out', text: `${argv.join(' ')} as ${await as.who()}` });
    caller.send({ kind: 'err', text: 'working' });
    return 3;
  });
  const next = eventsOf(await begin(['status'], 'ben'));
  expect(await next()).toMatchObject({ kind: 'started' });
  expect(await next()).toEqual({ kind: 'out', text: 'status as ben' });
  expect(await next()).toEqual({ kind: 'err', text: 'working' });
  expect(await next()).toEqual({ kind: 'exit', code: 3 });
  expect(await next()).toBeNull();
});

it('waits for the answer of its caller, and takes none from others', async () => {
  const { begin, post } = routesFor(async (_argv, _as, caller) => {
    caller.send({ kind: 'ask', question: 'Sure? ' });
    return (await caller.answer()) === 'y' ? 0 : 5;
  });
  const next = eventsOf(await begin(['apply', 'p1']));
  const started = await next();
  const id = started?.kind === 'started' ? started.id : '';
  expect(await next()).toMatchObject({ kind: 'ask' });
  expect((await post(`${COMMANDS_PATH}/${id}`, { kind: 'answer', text: 'n' }, 'ben')).status).toBe(404);
  expect((await post(`${COMMANDS_PATH}/${id}`, { kind: 'answer', text: 'y' })).status).toBe(200);
  expect(await next()).toEqual({ kind: 'exit', code: 0 });
  expect((await post(`${COMMANDS_PATH}/${id}`, { kind: 'answer', text: 'y' })).status).toBe(404);
});

it('interrupts what runs, even when the word comes before it listens', async () => {
  const listens = Promise.withResolvers<void>();
  const { begin, post } = routesFor(async (_argv, _as, caller) => {
    await listens.promise;
    const stopped = Promise.withResolvers<void>();
    caller.onInterrupt(() => stopped.resolve());
    await stopped.promise;
    return 130;
  });
  const next = eventsOf(await begin(['apply', 'p1']));
  const started = await next();
  const id = started?.kind === 'started' ? started.id : '';
  await post(`${COMMANDS_PATH}/${id}`, { kind: 'interrupt' });
  listens.resolve();
  expect(await next()).toEqual({ kind: 'exit', code: 130 });
});

it('ends what waits for an answer when its caller is gone', async () => {
  const ended = Promise.withResolvers<string | null>();
  const { begin } = routesFor(async (_argv, _as, caller) => {
    caller.send({ kind: 'ask', question: 'Sure? ' });
    const answer = await caller.answer();
    ended.resolve(answer);
    return 5;
  });
  const response = await begin(['apply', 'p1']);
  await eventsOf(response)();
  await readers.pop()?.cancel();
  expect(await ended.promise).toBeNull();
});

it('writes nothing for a token that may only read', async () => {
  const failed = Promise.withResolvers<unknown>();
  const { begin } = routesFor(async (_argv, as) => {
    await record(as, { type: 'train-frozen', reason: 'x' }).catch((error: unknown) => failed.resolve(error));
    return 1;
  });
  await eventsOf(await begin(['release', 'freeze'], 'eye'))();
  expect(await failed.promise).toMatchObject({ code: 'refused' });
  expect(await (await app.ledger()).read({ train: 'small', types: ['train-frozen'] })).toEqual([]);
});

it('refuses nobody, sessions of browsers, and what is no request', async () => {
  const { post, begin } = routesFor(async () => 0);
  expect((await begin(['status'], 'stranger')).status).toBe(401);
  expect((await begin(['status'], 'page')).status).toBe(403);
  for (const body of [
    {},
    { argv: [], terminal },
    { argv: ['status'], terminal: { ...terminal, env: { PATH: '/evil' } } },
    'x',
    null,
  ])
    expect((await post(COMMANDS_PATH, body)).status).toBe(400);
  expect((await post(`${COMMANDS_PATH}/none`, { kind: 'nonsense' })).status).toBe(400);
});
