import { startImport } from './fast-import.ts';
import { commandsFile, docsMenu, quickStartScript } from './world-website.ts';

/** A repository beside the train's own, with a few files: what a release day changes or waits for. */
export interface BesideRecipe {
  readonly name: string;
  readonly description: string;
  readonly branch: string;
  readonly files: ReadonlyMap<string, string>;
  /** Symbolic links: where each leads, by path. */
  readonly symlinks: ReadonlyMap<string, string>;
}

/** The website, the built documentation and the tutorials, as the line before left them. */
export function besideRecipes(previous: string): readonly BesideRecipe[] {
  const none = new Map<string, string>();
  return [
    {
      name: 'pytorch.github.io',
      description: 'The website',
      branch: 'site',
      files: new Map([
        ['published_versions.json', commandsFile(previous)],
        ['assets/quick-start-module.js', quickStartScript(previous)],
      ]),
      symlinks: none,
    },
    {
      name: 'docs',
      description: 'The documentation as it was built, a folder for each line',
      branch: 'site',
      files: new Map([
        [`${previous}/index.html`, `<title>PyTorch ${previous} documentation</title>\n`],
        ['pytorch-versions.json', docsMenu([previous])],
      ]),
      symlinks: new Map([['stable', previous]]),
    },
    {
      name: 'tutorials',
      description: 'Tutorials',
      branch: 'main',
      files: new Map([['beginner_source/quickstart.py', '"""Quickstart."""\n']]),
      symlinks: none,
    },
  ];
}

/** Writes its two commits: the start, and the files as they are now. */
export async function makeBesideHistory(
  gitDir: string,
  recipe: BesideRecipe,
  { author, until }: { readonly author: { readonly name: string; readonly email: string }; readonly until: number },
): Promise<void> {
  const importer = startImport(gitDir);
  const { branch, files, symlinks } = recipe;
  const readme = new Map([['README.md', `# ${recipe.description} (a made world)\n`]]);
  const day = 86_400;
  const first = { branch, author, at: until - 100 * day, message: `Start of ${recipe.name}\n`, files: readme };
  const from = importer.commit(first);
  const now = { branch, author, at: until - 60 * day, message: 'The release before\n', files, symlinks, from };
  importer.commit(now);
  await importer.finish();
}
