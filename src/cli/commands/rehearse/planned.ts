import type { Theatre } from './theatre.ts';

/** Makes a plan that needs approvals, and answers its id. */
export async function planned({ types }: Pick<Theatre, 'types'>, argv: readonly string[]): Promise<string> {
  const said = await types('ada-rm', [...argv, '--yes'], 5);
  const id = /Plan (p[0-9a-z]{5})/.exec(said)?.[1];
  if (id === undefined) throw new Error(`signalbox ${argv.join(' ')} named no plan`);
  return id;
}
