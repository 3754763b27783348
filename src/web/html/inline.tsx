import { neutral } from '../../domain/plain-text.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import type { Inline, Rich } from '../doc.ts';
import { leaves, mayBeFollowed } from '../href.ts';
import { partsOf, personText, timeText, type Time } from '../words.ts';
import { icon } from './icon.tsx';
import type { Child, Stage } from './stage.ts';

/** A link where it may be followed, else its text and where it would have led, as text. */
export function link(href: string, text: Child, className?: string): Child {
  if (!mayBeFollowed(href)) {
    return (
      <span class="nolink">
        {text} <code>{neutral(href)}</code>
      </span>
    );
  }
  return leaves(href) ? (
    <a href={href} class={className} rel="external noopener noreferrer">
      {text}
    </a>
  ) : (
    <a href={href} class={className}>
      {text}
    </a>
  );
}

function time(part: Time, stage: Stage): Child {
  const whole = `${part.at.slice(0, 10)} ${part.at.slice(11, 16)} UTC`;
  return (
    <time
      datetime={part.at}
      title={whole}
      data-form={part.form === 'ago' || part.form === 'until' ? part.form : undefined}
    >
      {timeText(part, stage.room.now)}
    </time>
  );
}

function inline(part: Inline, stage: Stage): Child {
  if (typeof part === 'string') return neutral(part);
  switch (part.kind) {
    case 'state':
      return (
        <span class={`st st-${part.state}`}>
          {icon(part.state)}
          <span class="w">{neutral(part.word ?? STATE_WORDS[part.state].word)}</span>
        </span>
      );
    case 'link':
      return link(part.href, neutral(part.text));
    case 'code':
      return <code>{neutral(part.text)}</code>;
    case 'strong':
      return <strong>{neutral(part.text)}</strong>;
    case 'person':
      return (
        <span class={stage.room.viewer?.login === part.login ? 'who me' : 'who'}>
          {personText(part.login, stage.room)}
        </span>
      );
    case 'time':
      return time(part, stage);
  }
}

/** Text with meaning, as HTML. Whatever it says, it stays text. */
export function rich(text: Rich, stage: Stage): Child {
  return partsOf(text).map((part) => inline(part, stage));
}

/** Whether there is a link in it. */
export function hasLink(text: Rich): boolean {
  return partsOf(text).some((part) => typeof part !== 'string' && part.kind === 'link');
}
