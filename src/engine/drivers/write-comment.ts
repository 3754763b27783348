import type { WriteCommentStep } from '../../domain/plan/step.ts';
import type { ForgeComments, ForgePeople } from '../../ports/forge.ts';
import type { StepDriver } from '../driver.ts';

/** Writes a comment once: one with its marker by somebody the train trusts is adopted, an outsider's copy of the marker is not. */
export function writeCommentDriver(forge: {
  readonly comments: ForgeComments;
  readonly people: ForgePeople;
}): StepDriver<WriteCommentStep> {
  return {
    async observe({ slug, item, marker, trusted }) {
      const ours = [await forge.people.whoami(), ...trusted];
      const written = await forge.comments.list(slug, item);
      const found = written.find(({ author, body }) => ours.includes(author) && body.includes(`<!-- ${marker} -->`));
      if (found === undefined) return { is: 'absent' };
      return {
        is: 'present',
        handle: { comment: String(found.id), link: found.link },
        text: `comment ${found.id} under #${item}`,
      };
    },
    async act({ slug, item, marker, body }) {
      const made = await forge.comments.write(slug, item, `<!-- ${marker} -->\n${body}`);
      return { acted: true, handle: { comment: String(made.id), link: made.link } };
    },
    reverse() {
      // Whoever was called has been told by then; taking the text away would take nothing back.
      return null;
    },
  };
}
