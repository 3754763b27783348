import { describe, expect, it } from 'vitest';
import { Digest } from '../../domain/canonical-json.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import { Instant } from '../../domain/instant.ts';
import type { Result } from '../../domain/result.ts';
import {
  allowDifference,
  comparePages,
  disagreements,
  explainIndex,
  INDEX_TYPES,
  projectName,
  ProjectName,
  projectPage,
  readProjectHtml,
  readProjectJson,
  readProjectPage,
  readRoot,
  renderProject,
  renderRoot,
  versionIn,
  type IndexProblem,
  type ProjectPage,
  type ReadPage,
} from './index.ts';

const torch = ProjectName.parse('torch');
const digestA = Digest.parse(`sha256:${'a'.repeat(64)}`);
const digestB = Digest.parse(`sha256:${'b'.repeat(64)}`);
const at = { project: torch, url: 'https://download.example/whl/test/cu126/torch/' };
const asWritten = { project: torch, url: null };

function file(name: string, change: Partial<IndexFile> = {}): IndexFile {
  return {
    name,
    url: `../${encodeURIComponent(name)}`,
    digest: digestA,
    size: 1000,
    requiresPython: '>=3.9,<3.14',
    metadata: digestB,
    yanked: null,
    uploadedAt: Instant.parse('2025-06-16T12:00:00Z'),
    ...change,
  };
}

function must<Value>(result: Result<Value, IndexProblem>): Value {
  if (!result.ok) throw new Error(result.problems.map(explainIndex).join('\n'));
  return result.value;
}

function codes(result: Result<unknown, IndexProblem>): readonly string[] {
  return result.ok ? [] : result.problems.map(({ code }) => code);
}

const page = (...files: readonly IndexFile[]): ProjectPage => must(projectPage(torch, files));
const wheel = (version: string, tags = 'cp313-cp313-manylinux_2_28_x86_64'): string => `torch-${version}-${tags}.whl`;
const html = (body: string): ReadPage => must(readProjectHtml(`<!DOCTYPE html><html><body>${body}</body></html>`, at));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a project page', () => {
  it('is written in the order of versions, then of names, whatever order the files come in', () => {
    const names = ['2.10.0', '2.9.0rc1', '2.9.0', '2.9.0+cu126', '2.9.0.dev20250801', '1!1.0', '2.9.0.post1'].map(
      (version) => wheel(version),
    );
    const files = [...names, wheel('2.9.0', 'cp39-cp39-win_amd64'), 'torch-2.9.0.tar.gz', 'README'].map((name) =>
      file(name),
    );
    const forwards = renderProject(page(...files));
    expect(renderProject(page(...files.toReversed()))).toEqual(forwards);
    expect(page(...files).files.map(({ name }) => name)).toEqual([
      'README',
      wheel('2.9.0.dev20250801'),
      wheel('2.9.0rc1'),
      wheel('2.9.0'),
      wheel('2.9.0', 'cp39-cp39-win_amd64'),
      'torch-2.9.0.tar.gz',
      wheel('2.9.0+cu126'),
      wheel('2.9.0.post1'),
      wheel('2.10.0'),
      wheel('1!1.0'),
    ]);
  });

  it('is this HTML and this JSON', () => {
    const rendered = renderProject(
      page(file(wheel('2.7.0+cu126')), file(wheel('2.6.0'), { yanked: 'broken "RPATH" & more', metadata: 'unhashed' })),
    );
    expect(rendered.html).toMatchInlineSnapshot(`
      "<!DOCTYPE html>
      <html>
        <head>
          <meta charset="utf-8">
          <meta name="pypi:repository-version" content="1.1">
          <title>Links for torch</title>
        </head>
        <body>
          <h1>Links for torch</h1>
          <a href="../torch-2.6.0-cp313-cp313-manylinux_2_28_x86_64.whl#sha256=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" data-requires-python="&gt;=3.9,&lt;3.14" data-core-metadata="true" data-yanked="broken &quot;RPATH&quot; &amp; more">torch-2.6.0-cp313-cp313-manylinux_2_28_x86_64.whl</a><br>
          <a href="../torch-2.7.0%2Bcu126-cp313-cp313-manylinux_2_28_x86_64.whl#sha256=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" data-requires-python="&gt;=3.9,&lt;3.14" data-core-metadata="sha256=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb">torch-2.7.0+cu126-cp313-cp313-manylinux_2_28_x86_64.whl</a><br>
        </body>
      </html>
      "
    `);
    expect(JSON.parse(rendered.json)).toMatchInlineSnapshot(`
      {
        "files": [
          {
            "core-metadata": true,
            "filename": "torch-2.6.0-cp313-cp313-manylinux_2_28_x86_64.whl",
            "hashes": {
              "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            },
            "requires-python": ">=3.9,<3.14",
            "size": 1000,
            "upload-time": "2025-06-16T12:00:00Z",
            "url": "../torch-2.6.0-cp313-cp313-manylinux_2_28_x86_64.whl",
            "yanked": "broken "RPATH" & more",
          },
          {
            "core-metadata": {
              "sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
            },
            "filename": "torch-2.7.0+cu126-cp313-cp313-manylinux_2_28_x86_64.whl",
            "hashes": {
              "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            },
            "requires-python": ">=3.9,<3.14",
            "size": 1000,
            "upload-time": "2025-06-16T12:00:00Z",
            "url": "../torch-2.7.0%2Bcu126-cp313-cp313-manylinux_2_28_x86_64.whl",
          },
        ],
        "meta": {
          "api-version": "1.1",
        },
        "name": "torch",
        "versions": [
          "2.6.0",
          "2.7.0+cu126",
        ],
      }
    `);
  });

  it('is read back from both forms as it was', () => {
    const made = page(
      file(wheel('2.7.0+cu126')),
      file(wheel('2.6.0'), { yanked: '', metadata: null, requiresPython: null }),
      file('a<b>&"\'é 😀-1-py3-none-any.whl', { digest: null, metadata: 'unhashed', yanked: '<&>"' }),
    );
    const { html: asHtml, json: asJson } = renderProject(made);
    const fromJson = must(readProjectJson(asJson, asWritten));
    expect(fromJson).toEqual({ page: made, versions: ['1', '2.6.0', '2.7.0+cu126'], problems: [] });
    const fromHtml = must(readProjectHtml(asHtml, asWritten));
    expect(fromHtml.page.files).toEqual(made.files.map((one) => ({ ...one, size: null, uploadedAt: null })));
    expect(disagreements(fromHtml, fromJson)).toEqual([]);
  });

  it('asks for version 1.1 only when the size of every file is known', () => {
    const sized = renderProject(page(file(wheel('2.7.0'))));
    const unsized = renderProject(page(file(wheel('2.7.0'), { size: null })));
    expect(JSON.parse(sized.json)).toMatchObject({ meta: { 'api-version': '1.1' }, versions: ['2.7.0'] });
    expect(JSON.parse(unsized.json)).not.toHaveProperty('versions');
  });

  it.each([
    ['a path in its name', file('../x.whl', { url: '../x.whl' }), 'bad-file-name'],
    ['no name', file('', { url: '../' }), 'bad-file-name'],
    ['a line break in its name', file('a\nb.whl'), 'bad-file-name'],
    ['half a surrogate pair', { ...file('a.whl'), name: 'a\u{D800}.whl' }, 'bad-file-name'],
    ['an address of another file', file('a.whl', { url: '../b.whl' }), 'bad-value'],
    ['an address that cannot be decoded', file('%', { url: '../%' }), 'bad-value'],
    ['a fragment of its own', file('a.whl', { url: '../a.whl#sha256=0' }), 'bad-value'],
    ['a size below nothing', file('a.whl', { size: -1 }), 'bad-value'],
    ['a size with a fraction', file('a.whl', { size: 0.5 }), 'bad-value'],
    ['a reason of two lines', file('a.whl', { yanked: 'a\nb' }), 'bad-value'],
    ['a reason without end', file('a.whl', { yanked: 'a'.repeat(2001) }), 'bad-value'],
  ])('refuses a file with %s', (_what, hostile, code) => {
    expect(codes(projectPage(torch, [hostile]))).toEqual([code]);
  });

  it('refuses a name twice', () => {
    expect(codes(projectPage(torch, [file(wheel('2.7.0')), file(wheel('2.7.0'))]))).toEqual(['listed-twice']);
  });
});

describe('names', () => {
  it.each([
    ['Torch_XLA', 'torch-xla'],
    ['torch.-_xla', 'torch-xla'],
    ['t', 't'],
    ['', null],
    ['-torch', null],
    ['torch/../x', null],
    ['tørch', null],
    ['a'.repeat(201), null],
  ])('%j is the project %j (a hyphen against an underscore is no difference)', (written, name) => {
    expect(projectName(written)).toBe(name);
  });

  it.each([
    ['torch-2.7.0+cu126-cp313-cp313-win_amd64.whl', '2.7.0+cu126'],
    ['torch-2.7.0+cu_126-1-cp313-cp313-win_amd64.whl', '2.7.0+cu.126'],
    ['torch-vision-2.7.0.tar.gz', '2.7.0'],
    ['torch-2.7.0.zip', '2.7.0'],
    ['torch.whl', null],
    ['torch-x-py3-none-any.whl', null],
    ['index.html', null],
  ])('%s is of version %j', (name, version) => {
    expect(versionIn(name)).toBe(version);
  });
});

describe('foreign HTML', () => {
  it('WHL-06 resolves absolute and relative addresses against the page', () => {
    const { page: read } = html(
      `<a href="/whl/cu126/${encodeURIComponent(wheel('2.7.0+cu126'))}#sha256=${'A'.repeat(64)}">${wheel('2.7.0+cu126')}</a>
       <a href="https://other.example/x/${wheel('2.6.0')}">${wheel('2.6.0')}</a><a href='${wheel('2.5.0')}'>${wheel('2.5.0')}</a>`,
    );
    expect(read.files.map(({ url, digest }) => [url, digest])).toEqual([
      [`https://download.example/whl/test/cu126/torch/${wheel('2.5.0')}`, null],
      [`https://other.example/x/${wheel('2.6.0')}`, null],
      [`https://download.example/whl/cu126/${encodeURIComponent(wheel('2.7.0+cu126'))}`, digestA],
    ]);
  });

  it('honours the base of the page', () => {
    const read = must(readProjectHtml('<base href="/other/"><a href="a-1-x.whl">a-1-x.whl</a>', at));
    expect(read.page.files[0]?.url).toBe('https://download.example/other/a-1-x.whl');
  });

  it('reads the older name of the metadata attribute, yanked with and without a reason, and entities', () => {
    const { page: read } = html(`
      <a href="a-1-x.whl" data-dist-info-metadata="sha256=${'b'.repeat(64)}" data-requires-python="&gt;=3.9">a-1-x.whl</a>
      <a href="a-2-x.whl" data-core-metadata="true" data-yanked>a-2-x.whl</a>
      <a href="a-3-x.whl" data-yanked="it&#10;broke">a-3-x.whl</a>`);
    expect(read.files.map(({ metadata, yanked, requiresPython }) => [metadata, yanked, requiresPython])).toEqual([
      [digestB, null, '>=3.9'],
      ['unhashed', '', null],
      [null, 'it broke', null],
    ]);
  });

  it('does not take comments, scripts, titles or text for links', () => {
    const hidden = '<a href="a-1-x.whl">a-1-x.whl</a>';
    expect(
      html(
        `<!-- ${hidden} --><script>"${hidden}"</script><title>${hidden}</title><style>${hidden}</style><a>a-1-x.whl</a>`,
      ).page.files,
    ).toEqual([]);
  });

  it.each([
    ['javascript:alert(1)', 'bad-value'],
    ['http://[', 'bad-value'],
    ['file:///etc/a-1-x.whl', 'bad-value'],
    ['b-1-x.whl', 'bad-value'],
  ])('leaves a link to %s out and says so', (href, code) => {
    const read = html(`<a href="${href}">a-1-x.whl</a>`);
    expect(read.page.files).toEqual([]);
    expect(read.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('tells an index entry whose hash is none', () => {
    const read = html('<a href="a-1-x.whl#sha256=abc">a-1-x.whl</a>');
    expect(read.page.files).toMatchObject([{ digest: null }]);
    expect(read.problems).toMatchObject([{ code: 'bad-value', member: 'digest', value: 'abc' }]);
  });

  it('refuses a page of a later format', () => {
    expect(codes(readProjectHtml('<meta name="pypi:repository-version" content="2.0">', at))).toEqual([
      'newer-version',
    ]);
  });
});

function json(change: object, entry: object = {}): Result<ReadPage, IndexProblem> {
  const hashes = { md5: '0', sha256: 'A'.repeat(64) };
  const page = {
    meta: { 'api-version': '1.3', _last: 1 },
    name: 'Torch',
    files: [{ filename: 'a-1-x.whl', url: 'a-1-x.whl', hashes, ...entry }],
    ...change,
  };
  return readProjectJson(JSON.stringify(page), at);
}

describe('foreign JSON', () => {
  it('is read with what it does not tell as null', () => {
    expect(must(json({})).page.files).toEqual([
      {
        name: 'a-1-x.whl',
        url: 'https://download.example/whl/test/cu126/torch/a-1-x.whl',
        digest: digestA,
        size: null,
        requiresPython: null,
        metadata: null,
        yanked: null,
        uploadedAt: null,
      },
    ]);
  });

  it.each([
    [{ 'dist-info-metadata': { sha256: 'b'.repeat(64) } }, { metadata: digestB }],
    [{ 'core-metadata': false, 'dist-info-metadata': true }, { metadata: null }],
    [{ 'core-metadata': {} }, { metadata: 'unhashed' }],
    [{ yanked: 'why' }, { yanked: 'why' }],
    [{ yanked: true }, { yanked: '' }],
    [{ yanked: '' }, { yanked: null }],
    [{ 'upload-time': '2025-06-16T12:00:00.123456Z' }, { uploadedAt: '2025-06-16T12:00:00.123Z' }],
    [{ 'upload-time': '2025-06-16T12:00:00.1Z' }, { uploadedAt: '2025-06-16T12:00:00.100Z' }],
    [{ hashes: {} }, { digest: null }],
  ])('reads %j', (entry, expected) => {
    const read = must(json({}, entry));
    expect(read.page.files).toMatchObject([expected]);
    expect(read.problems).toEqual([]);
  });

  it.each([
    [{ url: 7 }, 'not-an-index', 0],
    [{ size: -5 }, 'bad-value', 0],
    [{ 'upload-time': 'yesterday' }, 'bad-value', 1],
    [{ hashes: { sha256: 'x' } }, 'bad-value', 1],
  ])('tells an entry with %j', (entry, code, kept) => {
    const read = must(json({}, entry));
    expect(read.page.files).toHaveLength(kept);
    expect(read.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it.each([
    [{ meta: { 'api-version': '2.0' } }, 'newer-version'],
    [{ name: 'vision' }, 'other-project'],
    [{ files: {} }, 'not-an-index'],
    [{ meta: undefined }, 'not-an-index'],
  ])('refuses a page with %j', (change, code) => {
    expect(codes(json(change))).toEqual([code]);
  });

  it('refuses what is not JSON', () => {
    expect(codes(readProjectJson('<html>', at))).toEqual(['not-json']);
  });
});

describe('bytes of a page', () => {
  it('are read by their content type', () => {
    const { html: asHtml, json } = renderProject(page(file(wheel('2.7.0'))));
    for (const [text, contentType] of [
      [asHtml, INDEX_TYPES.html],
      [asHtml, 'application/vnd.pypi.simple.v1+html'],
      [json, INDEX_TYPES.json],
      [json, 'Application/JSON ; charset=utf-8'],
    ] as const) {
      expect(must(readProjectPage({ bytes: bytes(text), contentType }, at)).page.files).toHaveLength(1);
    }
  });

  it.each([
    ['another type', bytes(''), 'text/plain', 'not-known-type'],
    ['another encoding', Uint8Array.from([0xff, 0xfe, 0x3c]), 'text/html', 'not-utf8'],
    ['no end', new Uint8Array(32 * 1024 * 1024 + 1), 'text/html', 'too-large'],
  ])('are refused with %s', (_what, given, contentType, code) => {
    expect(codes(readProjectPage({ bytes: given, contentType }, at))).toEqual([code]);
  });
});

describe('the root page', () => {
  it('lists every project once, sorted, in both forms', () => {
    const names = ['vision', 'torch', 'vision'].map((name) => ProjectName.parse(name));
    const { html: asHtml, json } = renderRoot(names);
    expect(must(readRoot({ bytes: bytes(asHtml), contentType: INDEX_TYPES.html }))).toEqual(['torch', 'vision']);
    expect(must(readRoot({ bytes: bytes(json), contentType: INDEX_TYPES.json }))).toEqual(['torch', 'vision']);
  });

  it('refuses a name that is none', () => {
    const json = bytes('{"meta":{"api-version":"1.0"},"projects":[{"name":"../x"}]}');
    expect(codes(readRoot({ bytes: json, contentType: INDEX_TYPES.json }))).toEqual(['bad-project-name']);
  });
});

describe('two pages of one project', () => {
  const before = page(file(wheel('2.6.0')), file(wheel('2.7.0')));

  it('differ in what was added, removed and changed, and in what', () => {
    const difference = comparePages(
      before,
      page(file(wheel('2.7.0'), { yanked: 'bad', size: 1 }), file(wheel('2.8.0'))),
    );
    expect(difference.added.map(({ name }) => name)).toEqual([wheel('2.8.0')]);
    expect(difference.removed.map(({ name }) => name)).toEqual([wheel('2.6.0')]);
    expect(difference.changed.map(({ after, what }) => [after.name, what])).toEqual([
      [wheel('2.7.0'), ['size', 'yanked']],
    ]);
  });

  const nothing = { removals: new Set<string>(), replaces: false };

  it('let a planned removal through and refuse an unplanned one', () => {
    const difference = comparePages(before, page(file(wheel('2.7.0'))));
    expect(codes(allowDifference(difference, nothing))).toEqual(['unplanned-removal']);
    expect(codes(allowDifference(difference, { removals: new Set([wheel('2.6.0')]), replaces: false }))).toEqual([]);
  });

  it('refuse another digest of a published file, and one that is lost', () => {
    for (const digest of [digestB, null]) {
      const after = page(file(wheel('2.6.0')), file(wheel('2.7.0'), { digest }));
      expect(codes(allowDifference(comparePages(before, after), nothing))).toEqual(['unplanned-digest']);
    }
  });

  it('may have other bytes under a name where candidates follow each other, but never lose a digest', () => {
    const allowed = { removals: new Set<string>(), replaces: true };
    const withDigest = (digest: typeof digestB | null) => page(file(wheel('2.6.0')), file(wheel('2.7.0'), { digest }));
    expect(codes(allowDifference(comparePages(before, withDigest(digestB)), allowed))).toEqual([]);
    expect(codes(allowDifference(comparePages(before, withDigest(null)), allowed))).toEqual(['unplanned-digest']);
    expect(codes(allowDifference(comparePages(before, page(file(wheel('2.7.0')))), allowed))).toEqual([
      'unplanned-removal',
    ]);
  });

  it('may gain a digest that was missing', () => {
    const lacking = page(file(wheel('2.6.0')), file(wheel('2.7.0'), { digest: null }));
    expect(codes(allowDifference(comparePages(lacking, before), nothing))).toEqual([]);
  });
});

function bothForms(made: ProjectPage): { readonly html: ReadPage; readonly json: ReadPage } {
  const rendered = renderProject(made);
  return { html: must(readProjectHtml(rendered.html, at)), json: must(readProjectJson(rendered.json, at)) };
}

describe('the two forms of one page', () => {
  it('disagree when one was not written', () => {
    const old = bothForms(page(file(wheel('2.6.0'))));
    const now = bothForms(page(file(wheel('2.6.0'), { digest: digestB }), file(wheel('2.7.0'))));
    expect(disagreements(old.html, now.json)).toEqual([
      { file: wheel('2.6.0'), what: 'digest', html: digestA, json: digestB },
      { file: wheel('2.7.0'), what: 'listed', html: 'not listed', json: 'listed' },
    ]);
  });

  it('disagree when the versions of the JSON lack one', () => {
    const { html: asHtml, json } = bothForms(page(file(wheel('2.6.0'))));
    expect(disagreements(asHtml, { ...json, versions: [] })).toMatchObject([{ what: 'versions', html: '2.6.0' }]);
  });
});
