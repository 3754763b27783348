import { describe, expect, it } from 'vitest';
import type { UploadState } from '../../ports/package-files.ts';
import { uploadSession, type UploadEvent } from './upload-session.ts';

function after(...events: readonly UploadEvent[]): UploadState {
  const session = uploadSession();
  for (const event of events) session.tell(event);
  return session.state;
}

describe('an upload', () => {
  it.each<readonly [readonly UploadEvent[], UploadState]>([
    [[], 'open'],
    [['sent'], 'processing'],
    [['sent', 'accepted'], 'published'],
    [['sent', 'refused'], 'error'],
    [['refused'], 'error'],
    [['canceled'], 'canceled'],
    [['sent', 'canceled'], 'canceled'],
    [['sent', 'refused', 'canceled'], 'canceled'],
  ])('that was %j is %s', (events, state) => {
    expect(after(...events)).toBe(state);
  });

  it.each<readonly [readonly UploadEvent[], UploadEvent]>([
    [[], 'accepted'],
    [['sent'], 'sent'],
    [['sent', 'accepted'], 'canceled'],
    [['sent', 'accepted'], 'refused'],
    [['sent', 'accepted'], 'sent'],
    [['sent', 'refused'], 'accepted'],
    [['canceled'], 'sent'],
  ])('that was %j cannot be %s', (events, event) => {
    expect(() => after(...events, event)).toThrow(/an upload that is \w+ cannot be \w+/u);
  });
});
