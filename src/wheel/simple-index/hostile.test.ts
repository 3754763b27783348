import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Digest } from '../../domain/canonical-json.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import { Instant } from '../../domain/instant.ts';
import {
  disagreements,
  nameAsUrl,
  ProjectName,
  projectPage,
  readProjectHtml,
  readProjectJson,
  readProjectPage,
  readRoot,
  renderProject,
} from './index.ts';

/** `SIGNALBOX_LONG=1` takes a million inputs for each, or two minutes, with another seed each time. */
const isLong = process.env['SIGNALBOX_LONG'] === '1';
const search = isLong ? { numRuns: 1_000_000, interruptAfterTimeLimit: 120_000 } : { numRuns: 300, seed: 20_250_616 };
const time = isLong ? 600_000 : 30_000;

const project = ProjectName.parse('torch');
const asWritten = { project, url: null };
const at = { project, url: 'https://download.example/whl/torch/' };

const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => Digest.parse(`sha256:${hex}`));
const version = fc.stringMatching(/^\d{1,3}\.\d{1,3}(rc\d|\.post\d|\.dev\d{8})?(\+[a-z]{2}\d{1,3})?$/);
const sign = fc.oneof(
  fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '&',
    '&amp;',
    '%',
    '+',
    ' ',
    '-',
    '_',
    '.',
    ';',
    '&#10;',
    '<!--',
    '</a>',
    '?',
    '=',
  ),
  fc.string({ unit: 'grapheme', maxLength: 3 }),
);
const plain = fc.array(sign, { maxLength: 8 }).map((signs) =>
  signs
    .join('')
    .replaceAll(/\p{Cc}/gu, '')
    .toWellFormed(),
);
const name = fc.oneof(
  version.map((text) => `torch-${text}-cp313-cp313-linux_x86_64.whl`),
  version.map((text) => `torch-${text}.tar.gz`),
  plain.map((text) => `x${text.replaceAll(/[/\\]/g, '')}x`),
);

const file: fc.Arbitrary<IndexFile> = fc
  .record({
    name,
    prefix: fc.constantFrom('', '../', '/whl/cu126/', 'https://download.example/a%20b/'),
    digest: fc.option(digest),
    size: fc.option(fc.nat({ max: Number.MAX_SAFE_INTEGER })),
    requiresPython: fc.option(plain),
    metadata: fc.oneof(fc.constantFrom(null, 'unhashed' as const), digest),
    yanked: fc.option(plain),
    uploadedAt: fc.option(
      fc
        .date({ min: new Date('1971-01-01'), max: new Date('2999-01-01'), noInvalidDate: true })
        .map((date) => Instant.parse(date.toISOString())),
    ),
  })
  .map(({ prefix, ...rest }) => ({ ...rest, url: `${prefix}${nameAsUrl(rest.name)}` }));

const page = fc
  .uniqueArray(file, { selector: (one) => one.name, maxLength: 12 })
  .map((files) => projectPage(project, files));

describe('any page', () => {
  it('is read back as it was written, from both forms', { timeout: time }, () => {
    fc.assert(
      fc.property(page, (made) => {
        if (!made.ok) throw new Error(JSON.stringify(made.problems));
        const { html, json } = renderProject(made.value);
        const fromJson = readProjectJson(json, asWritten);
        const fromHtml = readProjectHtml(html, asWritten);
        if (!fromJson.ok || !fromHtml.ok) throw new Error('a page of ours cannot be read');
        expect(fromJson.value.problems).toEqual([]);
        expect(fromHtml.value.problems).toEqual([]);
        expect(fromJson.value.page).toEqual(made.value);
        const bare = made.value.files.map((one) => ({ ...one, size: null, uploadedAt: null }));
        expect(fromHtml.value.page.files).toEqual(bare);
        expect(disagreements(fromHtml.value, fromJson.value)).toEqual([]);
      }),
      search,
    );
  });

  it('is the same bytes in whatever order its files come', { timeout: time }, () => {
    fc.assert(
      fc.property(page, fc.nat(), (made, turn) => {
        if (!made.ok) throw new Error(JSON.stringify(made.problems));
        const { files } = made.value;
        const cut = files.length === 0 ? 0 : turn % files.length;
        const turned = projectPage(project, [...files.slice(cut), ...files.slice(0, cut)].toReversed());
        if (!turned.ok) throw new Error('another order is refused');
        expect(renderProject(turned.value)).toEqual(renderProject(made.value));
      }),
      search,
    );
  });
});

const markup = fc.constantFrom(
  '<a href="', '<a ', "<a href='x", '>', '</a>', '"', "'", '<!--', '-->', '<script>', '</script>', '<title>', '<base href="', '<meta name=',
  '&#0;', '&#xD800;', '&amp', '\0', '\u{FFFE}', '<![CDATA[', '<plaintext>', '#sha256=', 'data-yanked', 'data-core-metadata="sha256=', '\r\n', '=', '/',
); // prettier-ignore
const soup = fc
  .array(fc.oneof(markup, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 200 })
  .map((parts) => parts.join(''));
const types = fc.constantFrom('text/html', 'application/vnd.pypi.simple.v1+json');

describe('any bytes', () => {
  it('are read or refused, never a crash', { timeout: time }, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), types, (bytes, contentType) => {
        expect(readProjectPage({ bytes, contentType }, at).ok).toBeTypeOf('boolean');
        expect(readRoot({ bytes, contentType }).ok).toBeTypeOf('boolean');
      }),
      search,
    );
  });

  it('that look like HTML give files that an index can carry', { timeout: time }, () => {
    fc.assert(
      fc.property(soup, (html) => {
        const read = readProjectHtml(html, at);
        const again = read.ok ? projectPage(project, read.value.page.files) : null;
        expect(again).toEqual(read.ok ? { ok: true, value: read.value.page } : null);
      }),
      search,
    );
  });

  it('that are JSON of any shape give files that an index can carry', { timeout: time }, () => {
    const member = fc.oneof(fc.jsonValue(), plain);
    const entry = fc.record(
      { filename: member, url: member, hashes: member, size: member, yanked: member, 'core-metadata': member },
      { requiredKeys: [] },
    );
    const shape = fc.record({
      meta: fc.oneof(fc.constant({ 'api-version': '1.1' }), fc.jsonValue()),
      name: fc.oneof(fc.constant('torch'), fc.jsonValue()),
      files: fc.oneof(fc.array(fc.oneof(entry, fc.jsonValue())), fc.jsonValue()),
      versions: fc.oneof(fc.constant(null), fc.jsonValue()),
    });
    fc.assert(
      fc.property(shape, (json) => {
        const read = readProjectJson(JSON.stringify(json), at);
        const again = read.ok ? projectPage(project, read.value.page.files) : null;
        expect(again).toEqual(read.ok ? { ok: true, value: read.value.page } : null);
      }),
      search,
    );
  });
});

describe('a page made to take for ever', () => {
  const size = 2_000_000;
  const times = (text: string): string => text.repeat(Math.floor(size / text.length));
  it.each([
    ['elements in elements', `${times('<div>')}${times('</x>')}`],
    [
      'one tag with attributes without end',
      `<a ${Array.from({ length: 200_000 }, (_one, index) => `a${index}`).join(' ')}`,
    ],
    ['one attribute twice without end', `<a ${times('b=1 ')}>`],
    ['links in links', times('<a href=x>')],
    ['a link that never ends', `<a href="x">${times('y')}`],
    ['an attribute that never ends', `<a href="${times('y')}`],
    ['a comment that never ends', `<!--${times('-')}`],
    ['entities', times('&amp;&#0;&notit;')],
    ['half pairs at the borders of chunks', `${'x'.repeat(64 * 1024 - 1)}😀${times('\u{D83D}')}`],
    ['markup that is none', times('<')],
  ])('is read or refused in little time: %s', { timeout: 20_000 }, (_what, html) => {
    const read = readProjectHtml(html, at);
    const answer = read.ok ? read.value.page.files.length <= 1 : read.problems[0].code;
    expect([true, 'too-many']).toContain(answer);
  });

  it('is refused: JSON in JSON in JSON', { timeout: 20_000 }, () => {
    expect(readProjectJson(times('['), at)).toMatchObject({ ok: false, problems: [{ code: 'not-json' }] });
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const read = readProjectJson(`{"meta":{"api-version":"1.0"},"name":"torch","files":[${deep}]}`, at);
    expect(read).toMatchObject({ ok: true, value: { problems: [{ code: 'not-an-index' }] } });
  });

  it('is told by its first problems only', () => {
    const read = readProjectHtml(times('<a href=y>x</a>'), at);
    if (!read.ok) throw new Error('it can be read');
    expect(read.value.problems).toHaveLength(101);
    expect(read.value.problems.at(-1)).toMatchObject({ code: 'too-many', what: 'problems' });
  });
});
