import { describe, expect, it } from 'vitest';
import { memoryApp } from '../testing/memory-app.ts';
import { cliRun, hasEscapes } from '../testing/cli-terminal.ts';
import { COMMANDS } from './commands/index.ts';
import { nameOf } from './command.ts';
import { TOPIC_NAMES } from './topic-names.ts';

describe('a wrong word is told with the right one, and nothing runs', () => {
  it.each([
    [['statsu'], 'did you mean status ?'],
    [['blokers', '2.8.0'], 'did you mean blockers ?'],
    [['rc', 'sho', '2.8.0-rc1'], 'did you mean rc show ?'],
    [['branch', 'cutt', '2.8.0'], 'did you mean branch cut ?'],
    [['cut', '2.8.0'], 'did you mean branch cut'],
    [['status', '--jsno'], 'did you mean --json ?'],
    [['branch', 'cut', '2.8.0', '--dryrun'], 'did you mean --dry-run ?'],
    [['help', 'exit-code'], 'did you mean exit-codes ?'],
    [['completion', 'bsh'], 'did you mean bash ?'],
  ])('%j', async (argv, hint) => {
    const ran = await cliRun(argv);
    expect(ran.err).toContain(hint);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' });
  });

  it('takes no abbreviation of a command', async () => {
    expect(await cliRun(['stat'])).toMatchObject({ code: 2, out: '' });
    expect(await cliRun(['rc', 'li'])).toMatchObject({ code: 2, out: '' });
  });

  it('names what is missing, what is too many, and what a flag takes', async () => {
    expect((await cliRun(['rc', 'show'])).err).toMatchInlineSnapshot(`
      "error: RC missing: signalbox rc show RC
        see: signalbox help rc show
      "
    `);
    expect((await cliRun(['rc', 'show', '2.8.0-rc1', 'more'])).err).toContain('one argument too many: more');
    expect((await cliRun(['status', '--color', 'pink'])).err).toContain('--color takes one of: auto, always, never');
    expect((await cliRun(['status', '--max-age'])).err).toContain('--max-age needs a value');
  });
});

describe('flags may stand anywhere', () => {
  it.each([
    [['--json', 'version']],
    [['version', '--json']],
    [['--color', 'never', 'version', '--json']],
    [['-C', '/tmp', '--json', 'version']],
  ])('%j', async (argv) => {
    const ran = await cliRun(argv);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ schema: 'signalbox.version/1' });
  });

  it('gives --json its fields only by =, so that the next word stays an argument', async () => {
    const ran = await cliRun(['--json=node', 'version']);
    expect(JSON.parse(ran.out)).toMatchObject({ data: { node: process.versions.node } });
    expect((await cliRun(['version', '--json=nod'])).err).toContain('did you mean node ?');
  });
});

describe('a command that changes something asks, or is told', () => {
  const mutating = COMMANDS.filter(
    (command) => command.flags.some((flag) => flag.name === 'yes') && command.asks !== false,
  );

  it('knows which commands those are', () => {
    expect(mutating.length).toBeGreaterThan(8);
  });

  it.each(mutating.map((command) => [nameOf(command), command] as const))(
    '%s without a terminal is a usage error that names the flag',
    async (name, command) => {
      const values = command.arguments.filter((argument) => argument.optional !== true).map(() => '2.8.0');
      const ran = await cliRun([...name.split(' '), ...values]);
      expect(ran).toMatchObject({ code: 2, out: '' });
      // What is no plan and cannot be taken back wants its phrase; --yes would not be enough.
      const flags = command.flags.map((flag) => flag.name);
      expect(ran.err).toContain(flags.includes('confirm') && !flags.includes('dry-run') ? '--confirm' : '--yes');
    },
  );

  it.each([
    ['triage', 'Triage of 2.8.1'],
    ['owed', '2.8.1'],
  ])('patch %s only reads until it is told to plan, and then needs nobody to answer', async (verb, words) => {
    const ran = await cliRun(['patch', verb, '2.8.1'], { app: memoryApp() });
    expect(ran.err).not.toContain('--yes');
    expect(ran.out).toContain(words);
  });

  it('counts --no-input as having nobody to ask', async () => {
    expect(await cliRun(['release', 'create', '2.8.0', '--no-input'], { typed: ['y'] })).toMatchObject({
      code: 2,
      questions: [],
    });
  });
});

describe('help', () => {
  it.each([[['--help']], [['help']], [[]], [['-h']]])('%j shows every command', async (argv) => {
    const ran = await cliRun(argv);
    expect(ran).toMatchObject({ code: 0, err: '' });
    for (const command of COMMANDS) expect(ran.out).toContain(command.summary.slice(0, 20));
  });

  it('keeps to 80 columns everywhere', async () => {
    const pages = [
      ['--help'],
      ...COMMANDS.map((command) => ['help', ...command.words]),
      ...TOPIC_NAMES.map((topic) => ['help', topic.name]),
    ];
    for (const argv of pages) {
      const ran = await cliRun(argv);
      expect(ran.code).toBe(0);
      for (const line of ran.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it('shows the verbs of a noun without a verb, as a mistake', async () => {
    const ran = await cliRun(['rc']);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('signalbox rc <verb>');
  });

  it('tells of a command its codes by the one table', async () => {
    expect((await cliRun(['branch', 'cut', '--help'])).out).toMatchSnapshot();
  });
});

describe('streams', () => {
  it('prints no escape sequence into a pipe, and none with NO_COLOR, TERM=dumb or --color never', async () => {
    const plain = [
      await cliRun(['config', 'explain']),
      await cliRun(['config', 'explain'], { tty: 80, env: { NO_COLOR: '1' } }),
      await cliRun(['config', 'explain'], { tty: 80, env: { TERM: 'dumb' } }),
      await cliRun(['config', 'explain', '--color', 'never'], { tty: 80 }),
      await cliRun(['statsu'], { tty: 80, env: { NO_COLOR: '1' } }),
    ];
    for (const ran of plain) expect([hasEscapes(ran.out), hasEscapes(ran.err)]).toEqual([false, false]);
    expect(hasEscapes((await cliRun(['config', 'explain'], { tty: 80 })).out)).toBe(true);
    expect(hasEscapes((await cliRun(['config', 'explain', '--color=always'])).out)).toBe(true);
  });

  it.each([
    [['--ascii'], {}],
    [[], { LANG: 'C' }],
    [[], { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }],
  ])('writes only ASCII with %j and %j', async (flags, env) => {
    for (const argv of [['config', 'explain'], ['statsü'], ['version', '--json']]) {
      const ran = await cliRun([...argv, ...flags], { env });
      expect(Buffer.from(ran.out + ran.err).every((byte) => byte < 128)).toBe(true);
    }
  });

  it('prints no secret, wherever it was put', async () => {
    const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
    const env = { SIGNALBOX_GITHUB_TOKEN: 'some-long-secret-value', DATABASE_URL: 'postgres://u:pw@db/x' };
    for (const argv of [
      ['status', token],
      [token],
      ['rc', token],
      ['status', `--token=${token}`],
      ['rc', 'show', 'some-long-secret-value', '--debug'],
      ['rc', 'show', 'x', token, '-v'],
    ]) {
      const ran = await cliRun(argv, { env });
      expect(ran.code).not.toBe(0);
      expect(ran.out + ran.err).not.toContain(token);
      expect(ran.out + ran.err).not.toContain('some-long-secret-value');
    }
  });

  it('neutralises what an argument brings: no cursor moves, no text turns round', async () => {
    const ran = await cliRun(['rc', 'show', 'x\u001b[2J\u202Eevil\r\n'], {});
    expect(hasEscapes(ran.err)).toBe(false);
    expect(ran.err).not.toContain('\u202e');
    expect(ran.err).toContain('evil');
  });
});
