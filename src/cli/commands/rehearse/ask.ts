import type { Sandbox } from '../../../sandbox/index.ts';

export interface Asking {
  readonly by: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
}

/** Somebody of the world asks its forge something with their token, as any program does; an answer that is a failure ends the story. */
export async function ask(
  { apiUrl, tokens }: Pick<Sandbox, 'apiUrl' | 'tokens'>,
  { by, method = 'GET', path, body }: Asking,
): Promise<unknown> {
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[by] ?? ''}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${by}: ${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
  const value: unknown = await answer.json();
  return value;
}
