/** The release that the world's line follows. */
export const BASELINE = '2.7.0';

/** What the train of a rehearsal asks before a promotion. */
export const FINAL_CHECKS = {
  signOffs: { 'docs-ready': { title: 'The documentation is ready', people: ['mina-s'], binds: 'release' } },
  canaries: {
    'cloud-partner': { title: 'A cloud partner trains on it', people: ['jonas-b'], evidence: 'required', dueDays: 2 },
  },
  performance: {
    torchbench: {
      title: 'TorchBench',
      channel: 'results',
      place: 'torchbench/{tag}/',
      baseline: BASELINE,
      proof: 'version',
    },
  },
  issue: {
    sections: [
      {
        title: 'Binaries',
        items: [{ id: 'smoke', text: 'import and train a step on both systems', people: ['ines-infra'] }],
      },
      {
        title: 'Documentation',
        items: [{ id: 'pages', text: 'the pages of the release are right', people: ['mina-s'] }],
      },
    ],
  },
};
