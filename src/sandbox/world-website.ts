const button = (command: string) => ({ note: null, command });
const NIGHTLY = 'pip3 install --pre torch torchvision torchaudio --index-url https://download.pytorch.org/whl/nightly';

const nightlies = {
  accnone: button(`${NIGHTLY}/cpu`),
  'cuda.x': button(`${NIGHTLY}/cu126`),
  'cuda.y': button(`${NIGHTLY}/cu128`),
  'cuda.z': button(`${NIGHTLY}/cu129`),
};

/** `published_versions.json` of the website, in the shape that its own script writes: an indent of two, and no newline at its end. */
export function commandsFile(previous: string): string {
  const stable = button('pip3 install torch torchvision torchaudio');
  const release = { accnone: stable, 'cuda.x': stable };
  const versions = {
    preview: { linux: { pip: nightlies }, windows: { pip: nightlies } },
    [`${previous}.0`]: { linux: { pip: release }, windows: { pip: release } },
  };
  return JSON.stringify({ latest_stable: `${previous}.0`, latest_lts: 'lts-1.8.2', versions }, undefined, 2);
}

/** `quick-start-module.js` of the website: three places of it speak of releases. */
export function quickStartScript(previous: string): string {
  const table = {
    nightly: { 'cuda.x': ['cuda', '12.6'] },
    release: { accnone: ['cpu', ''], 'cuda.x': ['cuda', '12.4'] },
  };
  const commands = {
    'preview,pip,linux,accnone,python': `${NIGHTLY}/cpu`,
    'stable,pip,linux,accnone,python': 'pip3 install torch torchvision torchaudio',
  };
  return [
    `let version_map=${JSON.stringify(table)}`,
    `let stable_version="Stable (${previous}.0)";`,
    '// The commands of the page by what is chosen on it.',
    `var object = ${JSON.stringify(commands)};`,
    '',
  ].join('\n');
}

/** The menu of versions of the documentation, the newest line first. */
export function docsMenu(lines: readonly string[]): string {
  const entries = lines.map((line, index) => ({
    name: `v${line}.0${index === 0 ? ' (stable)' : ''}`,
    version: line,
    url: `https://docs.pytorch.org/docs/${line}/`,
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
