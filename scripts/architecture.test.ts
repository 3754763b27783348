import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

/**
 * The import table of ARCHITECTURE.md, written down a second time: what the rooms may import of each other. Everything that is not
 * here is planted and has to be found. `sandbox` and `adapters` have exceptions of their own below.
 */
const MAY: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  wheel: ['domain'],
  workflow: ['domain'],
  history: ['domain'],
  ports: ['domain'],
  process: ['domain', 'history', 'wheel', 'workflow', 'ports'],
  engine: ['domain', 'ports'],
  adapters: ['ports', 'domain', 'wheel', 'history', 'programs'],
  config: ['domain'],
  app: ['domain', 'wheel', 'workflow', 'history', 'ports', 'process', 'engine', 'config'],
  api: ['domain'],
  cli: ['app', 'api', 'config', 'domain'],
  server: ['app', 'api', 'config', 'domain', 'web'],
  web: ['api', 'domain'],
  sandbox: ['programs'],
  programs: [],
};
const ROOMS = Object.keys(MAY);

/** Rooms that may not use Node, and the packages each room may use when not all. */
const WITHOUT_NODE = ['domain', 'wheel', 'workflow', 'history', 'ports', 'process', 'engine', 'api', 'web'];
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  domain: ['zod', '@renovatebot/pep440'],
  wheel: ['zod', '@zip.js/zip.js', 'parse5'],
  workflow: ['yaml'],
  history: ['zod'],
  ports: [],
  process: ['zod'],
  programs: [],
  engine: [],
  api: ['zod'],
  web: ['hono'],
};
const INSTALLED = [
  '@aws-sdk/client-s3',
  'zod',
  '@renovatebot/pep440',
  '@zip.js/zip.js',
  'parse5',
  'yaml',
  'hono',
  'octokit',
  'nodemailer',
  'pg',
];

/** The folder in a room where its files are: a stage, an adapter, or the room itself. */
const HOME: Readonly<Record<string, string>> = { process: 'process/03-cut', adapters: 'adapters/git' };
const home = (room: string): string => `src/${HOME[room] ?? room}`;

type Import = { readonly file: string; readonly what: string; readonly asType: boolean };
type Planting = Import & { readonly rule: string; readonly because: string };

const value = (file: string, what: string): Import => ({ file, what, asType: false });
const type = (file: string, what: string): Import => ({ file, what, asType: true });

function planted(rule: string, because: string, from: Import): Planting {
  return { ...from, rule, because };
}

/** Every pair of rooms that the table does not allow; types are as forbidden as code. */
function forbiddenPairs(): Planting[] {
  return ROOMS.flatMap((room) =>
    ROOMS.filter((other) => other !== room && !MAY[room]?.includes(other)).map((other) => {
      const what = `${home(other)}/thing.ts`;
      const from = type(`${home(room)}/reaches-${other}.ts`, what);
      // app and cli have a door to these two rooms, guarded by a rule of its own.
      if (room === 'app' && other === 'adapters')
        return planted('adapters-only-in-compose', 'an adapter is picked', from);
      if (room === 'cli' && other === 'sandbox')
        return planted('sandbox-only-in-rehearse', 'the sandbox is started', from);
      if (room === 'cli' && other === 'server')
        return planted('server-only-in-serve', 'a command reaches the server', from);
      return planted(`${room}-may-import`, `${room} reaches into ${other}`, from);
    }),
  );
}

function forbiddenNode(): Planting[] {
  return WITHOUT_NODE.flatMap((room) => [
    planted(`${room}-without-node`, `${room} reads files`, value(`${home(room)}/reads-files.ts`, 'node:fs')),
    planted(`${room}-without-node`, `${room} starts processes`, value(`${home(room)}/starts.ts`, 'node:child_process')),
  ]).concat(
    WITHOUT_NODE.filter((room) => room !== 'domain').map((room) =>
      planted(`${room}-without-node`, `${room} hashes by itself`, value(`${home(room)}/hashes.ts`, 'node:crypto')),
    ),
  );
}

function forbiddenPackages(): Planting[] {
  return Object.entries(PACKAGES).flatMap(([room, allowed]) =>
    INSTALLED.filter((name) => !allowed.includes(name)).map((name) =>
      planted(
        `${room}-packages`,
        `${room} uses ${name}`,
        value(`${home(room)}/uses-${name.replaceAll(/\W/gu, '-')}.ts`, name),
      ),
    ),
  );
}

const PLANTINGS: readonly Planting[] = [
  ...forbiddenPairs(),
  ...forbiddenNode(),
  ...forbiddenPackages(),
  planted(
    'process-may-import',
    'a stage knows another stage, if only its types',
    type('src/process/03-cut/peeks.ts', 'src/process/05-candidate/thing.ts'),
  ),
  planted(
    'process-may-import',
    'a stage has a name that begins like another',
    value('src/process/03-cut/near.ts', 'src/process/03-cut-again/thing.ts'),
  ),
  planted(
    'adapters-may-import',
    'an adapter knows another adapter',
    value('src/adapters/git/peeks.ts', 'src/adapters/s3/thing.ts'),
  ),
  planted(
    'ports-without-code',
    'a port takes code from the domain',
    value('src/ports/with-code.ts', 'src/domain/thing.ts'),
  ),
  planted(
    'process-ports-types-only',
    'a stage takes code from a port',
    value('src/process/03-cut/port-code.ts', 'src/ports/thing.ts'),
  ),
  planted(
    'adapters-only-in-compose',
    'a use case named like compose picks an adapter',
    value('src/app/composed.ts', 'src/adapters/git/thing.ts'),
  ),
  planted(
    'sandbox-only-in-rehearse',
    'a use case starts the sandbox',
    value('src/app/plays.ts', 'src/sandbox/thing.ts'),
  ),
  planted(
    'testing-not-in-product',
    'product code uses a test builder',
    value('src/app/builds.ts', 'src/testing/thing.ts'),
  ),
  planted(
    'verdicts-only-for-people',
    'a plan rests on verdicts of the past',
    value('src/app/plan-on-history.ts', 'src/app/verdicts/own.ts'),
  ),
  planted('tests-not-imported', 'a test is imported', value('src/app/imports-test.test.ts', 'src/app/other.test.ts')),
  planted(
    'only-the-rooms-of-the-house',
    'a folder is not of the tree',
    value('src/app/extra.ts', 'src/extra/thing.ts'),
  ),
  planted('only-the-rooms-of-the-house', 'a file is a junk drawer', value('src/app/drawer.ts', 'src/app/utils.ts')),
  planted('product-without-tools', 'the product uses a script', value('src/app/script.ts', 'scripts/tool.ts')),
  planted('sdk-of-github', 'the command line speaks to GitHub itself', value('src/cli/asks.ts', 'octokit')),
  planted('sdk-of-postgres', 'a use case speaks to the database itself', value('src/app/sql.ts', 'pg')),
  planted('sdk-of-s3', 'a stage copies objects itself', value('src/app/objects.ts', '@aws-sdk/client-s3')),
  planted('sdk-of-smtp', 'a use case sends mail itself', value('src/app/mail.ts', 'nodemailer')),
  planted('no-cycles', 'a module imports what imports it', type('src/app/ring-a.ts', 'src/app/ring-b.ts')),
  planted('no-undeclared-packages', 'a package is installed but not declared', value('src/app/free.ts', 'undeclared')),
  planted('no-unresolvable', 'a module does not exist', value('src/app/gone.ts', 'src/app/not-there.ts')),
  planted('no-dev-dependencies-in-product', 'the product needs a tool', value('src/app/tool.ts', 'vitest')),
];

/** What must stay possible: every pair of the table, and the exceptions named in it. */
const ALLOWED: readonly Import[] = [
  ...ROOMS.flatMap((room) => [
    value(`${home(room)}/thing.ts`, `${home(room)}/own.ts`),
    ...(MAY[room] ?? []).map((other) => type(`${home(room)}/takes-${other}.ts`, `${home(other)}/thing.ts`)),
    ...(PACKAGES[room] ?? []).map((name) => value(`${home(room)}/has-${name.replaceAll(/\W/gu, '-')}.ts`, name)),
  ]),
  value('src/domain/hash.ts', 'node:crypto'),
  value('src/engine/runs.ts', 'src/domain/thing.ts'),
  value('src/process/05-candidate/thing.ts', 'src/domain/thing.ts'),
  value('src/process/03-cut-again/thing.ts', 'src/domain/thing.ts'),
  value('src/adapters/s3/thing.ts', 'node:fs'),
  value('src/adapters/git/over-http.ts', 'src/adapters/http/thing.ts'),
  value('src/adapters/http/thing.ts', 'src/ports/thing.ts'),
  value('src/adapters/github/client.ts', 'octokit'),
  value('src/adapters/postgres/client.ts', 'pg'),
  value('src/adapters/s3/client.ts', '@aws-sdk/client-s3'),
  value('src/app/compose.ts', 'src/adapters/git/thing.ts'),
  value('src/app/compose/world.ts', 'src/adapters/git/thing.ts'),
  value('src/app/verdicts/own.ts', 'node:fs'),
  value('src/server/shows-history.ts', 'src/app/verdicts/own.ts'),
  value('src/cli/commands/rehearse.ts', 'src/sandbox/thing.ts'),
  value('src/cli/commands/rehearse/world.ts', 'src/sandbox/thing.ts'),
  value('src/cli/commands/bot-serve.ts', 'src/server/thing.ts'),
  value('src/testing/thing.ts', 'src/adapters/git/thing.ts'),
  value('src/process/03-cut/decide.test.ts', 'src/testing/thing.ts'),
  value('src/domain/with-the-world.test.ts', 'src/sandbox/thing.ts'),
  value('src/app/with-a-tool.test.ts', 'vitest'),
  type('src/sandbox/typed.ts', 'vitest'),
];

/** Files that plantings import and that have to exist; each imports something, so that none is an orphan. */
const TARGETS: readonly Import[] = [
  value('src/extra/thing.ts', 'node:fs'),
  value('src/app/utils.ts', 'node:fs'),
  value('src/app/other.test.ts', 'vitest'),
  value('scripts/tool.ts', 'node:fs'),
  type('src/app/ring-b.ts', 'src/app/ring-a.ts'),
];

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** One line of source: a value is used, so that no compiler may drop the import. */
function source(root: string, { file, what, asType }: Import): string {
  const isPath = /^(?:src|scripts)\//u.test(what);
  const path = relative(dirname(join(root, file)), join(root, what));
  const specifier = isPath ? (path.startsWith('.') ? path : `./${path}`) : what;
  return asType
    ? `import type { thing } from '${specifier}';\nexport type Thing = typeof thing;\nexport declare const thing: Thing;\n`
    : `import { thing } from '${specifier}';\nexport { thing };\n`;
}

function plantTree(root: string, imports: readonly Import[]): void {
  const dependencies = Object.fromEntries(INSTALLED.map((name) => [name, '1.0.0']));
  write(root, 'package.json', JSON.stringify({ type: 'module', dependencies, devDependencies: { vitest: '1.0.0' } }));
  write(root, 'tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext', target: 'es2024' } }));
  for (const name of [...INSTALLED, 'vitest', 'undeclared']) {
    const manifest = { name, version: '1.0.0', type: 'module', exports: './index.js', license: 'MIT' };
    write(root, `node_modules/${name}/package.json`, JSON.stringify(manifest));
    write(root, `node_modules/${name}/index.js`, 'export const thing = 1;\n');
  }
  for (const room of ROOMS) write(root, `${home(room)}/own.ts`, 'export const thing = 1;\n');
  for (const each of imports) write(root, each.file, source(root, each));
}

const Report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string() })) }),
  }),
});

const MOST_OUTPUT = 64 * 1024 * 1024;

/** Runs the architecture check of `npm run check` on a tree. */
function check(root: string): { code: number; found: string[]; rules: string[] } {
  const script = join(import.meta.dirname, 'architecture.mjs');
  const run = spawnSync(process.execPath, [script, root, '--json'], {
    encoding: 'utf8',
    maxBuffer: MOST_OUTPUT,
    timeout: 60_000,
  });
  expect(run.stderr).toBe('');
  const { summary } = z.parse(Report, JSON.parse(run.stdout));
  return {
    code: run.status ?? -1,
    found: summary.violations.map((each) => `${each.rule.name}: ${each.from}`),
    rules: summary.ruleSetUsed.forbidden.map((rule) => rule.name),
  };
}

const trees: string[] = [];
function newTree(imports: readonly Import[]): string {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-architecture-'));
  trees.push(root);
  plantTree(root, imports);
  return root;
}
afterAll(() => {
  for (const root of trees) rmSync(root, { recursive: true, force: true });
});

describe('the import table', () => {
  let planting: ReturnType<typeof check>;
  beforeAll(() => {
    const root = newTree([...ALLOWED, ...TARGETS, ...PLANTINGS]);
    write(root, 'src/app/orphan.ts', 'export const thing = 1;\n');
    planting = check(root);
  });

  it('lets a tree pass that keeps to it', () => {
    const { code, found } = check(newTree(ALLOWED));
    expect(found).toEqual([]);
    expect(code).toBe(0);
  });

  it('makes the check fail when it is broken', () => {
    expect(planting.code).toBe(1);
  });

  it.each(PLANTINGS.map((each) => [each.rule, each.because, each] as const))(
    'reports by %s that %s',
    (rule, _, each) => {
      expect(planting.found).toContain(`${rule}: ${each.file}`);
    },
  );

  it('reports by no-orphans a module that nothing uses', () => {
    expect(planting.found).toContain('no-orphans: src/app/orphan.ts');
  });

  it('reports nothing in the files that keep to it, even beside those that do not', () => {
    const guilty = new Set([...PLANTINGS, ...TARGETS].map((each) => each.file).concat('src/app/orphan.ts'));
    expect(planting.found.filter((each) => !guilty.has(each.slice(each.indexOf(': ') + 2)))).toEqual([]);
  });

  it('has no rule that is not planted here', () => {
    expect(planting.rules.toSorted()).toEqual(
      [...new Set([...PLANTINGS.map((each) => each.rule), 'no-orphans'])].toSorted(),
    );
  });
});

describe('what was once seen of gates', () => {
  /** Whoever may know the event: its schema and its words, what records it, and what tells people of it. */
  const MAY_KNOW = /^(domain\/(ledger-event|event-text)|app\/(verdicts|feeds|notices|partners)\/.+|testing\/.+)\.ts$/u;
  const src = join(import.meta.dirname, '..', 'src');

  it('is named by nothing that judges, plans or carries out', () => {
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /(?<!\.test)\.tsx?$/u.test(path),
    );
    const naming = files.filter((path) => readFileSync(join(src, path), 'utf8').includes('gates-judged'));
    expect(naming).toContain('domain/ledger-event.ts');
    expect(naming.filter((path) => !MAY_KNOW.test(path))).toEqual([]);
  });
});
