import type { Digest } from '../../domain/canonical-json.ts';
import type { PublishMetadataStep, PublishPageStep } from '../../domain/plan/step.ts';
import type { IndexPages } from '../../ports/index-pages.ts';
import type { ActAnswer, StepDriver, StepState } from '../driver.ts';

/** Metadata files written at once. */
const AT_ONCE = 8;

type File = PublishMetadataStep['files'][number];

/** Puts metadata files beside their wheels. Left where they are by undo: one that no page names harms nobody. */
export function publishMetadataDriver(pages: IndexPages): StepDriver<PublishMetadataStep> {
  const write = async (step: PublishMetadataStep, file: File): Promise<string | null> => {
    const digests = { before: file.before, after: file.digest };
    const answer = await pages.writeMetadata(step, { folder: step.folder, wheel: file.wheel }, digests);
    return answer.written ? null : answer.reason;
  };
  return {
    async observe(step) {
      const wheels = step.files.map(({ wheel }) => wheel);
      const found = await pages.lookMetadata(step, { folder: step.folder, wheels });
      const states = step.files.map((file) => ({ file, state: stateOf(file, found.get(file.wheel) ?? null) }));
      const other = states.find(({ state }) => state === 'other');
      if (other !== undefined) {
        return {
          is: 'other',
          text: `the metadata file of ${other.file.wheel} is not what it was when this was planned`,
        };
      }
      if (states.some(({ state }) => state === 'to-do')) return { is: 'absent' };
      return thereAll(step);
    },
    async act(step): Promise<ActAnswer> {
      const reasons = await inTurns(step.files, (file) => write(step, file));
      const reason = reasons.find((one) => one !== null) ?? null;
      // Each was looked at when it was written.
      const after = thereAll(step);
      return reason === null ? { acted: true, handle: after.handle, after } : { acted: false, reason };
    },
    reverse() {
      return null;
    },
  };
}

function stateOf(file: File, found: Digest | null): 'there' | 'to-do' | 'other' {
  if (found === file.digest) return 'there';
  return found === file.before ? 'to-do' : 'other';
}

function thereAll({ files }: PublishMetadataStep): Extract<StepState, { readonly is: 'present' }> {
  const text = `${files.length} metadata ${files.length === 1 ? 'file' : 'files'}`;
  return { is: 'present', handle: { files: String(files.length) }, text };
}

async function inTurns<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map((item) => work(item)))));
  }
  return answers;
}

/** Changes one page of an index, in both its forms. */
export function publishPageDriver(pages: IndexPages): StepDriver<PublishPageStep> {
  return {
    async observe(step) {
      const found = await pages.look(step, step.page);
      const { before, after } = step;
      const isThere = found.html === after.html && found.json === after.json;
      if (isThere && !(step.serves === true && (await pages.isMisserved(step, step.page)))) return written(step);
      // A form that is written already, and one that is still to come: somebody was killed in between.
      const isOurs = (['html', 'json'] as const).every(
        (form) => found[form] === before[form] || found[form] === after[form],
      );
      if (isOurs) return { is: 'absent' };
      return {
        is: 'other',
        text: `the page of ${nameOf(step)} was written by somebody else since this was planned; plan again, and the difference is shown`,
      };
    },
    async act(step): Promise<ActAnswer> {
      const answer = await pages.write(step, step);
      // Each form was looked at when it was written.
      const after = written(step);
      return answer.written ? { acted: true, handle: after.handle, after } : { acted: false, reason: answer.reason };
    },
    reverse(step) {
      // The bytes that were there cannot be made again where another program wrote them.
      if (!step.exact) return null;
      // A wrong type is not put back.
      const { html, json } = step.after;
      if (html === step.before.html && json === step.before.json) return null;
      return {
        ...step,
        key: `undo:${step.key}`,
        undo: 'write the page again',
        before: step.after,
        after: step.before,
        change: reversed(step.change),
      };
    },
  };
}

function written(step: PublishPageStep): Extract<StepState, { readonly is: 'present' }> {
  return { is: 'present', handle: handleOf(step), text: `page of ${nameOf(step)}` };
}

function reversed(change: PublishPageStep['change']): PublishPageStep['change'] {
  return change.of === 'project'
    ? { of: 'project', add: change.remove, remove: change.add }
    : { of: 'root', add: change.remove, remove: change.add };
}

function handleOf({ after }: PublishPageStep): Record<string, string> {
  return { html: after.html ?? 'removed', json: after.json ?? 'removed' };
}

function nameOf({ page, channel }: PublishPageStep): string {
  const what = page.project ?? 'all projects';
  return page.folder === '' ? `${what} in ${channel}` : `${what} in ${channel}/${page.folder}`;
}
