import { addDays, type CalendarDate } from '../../../domain/instant.ts';
import { playDay, playEve, playTelling, submitTutorials } from './day-story.ts';
import { playFiles } from './files-story.ts';
import { playFinalGates } from './final-story.ts';
import { playPatch } from './patch-story.ts';
import { playPicks } from './picks-story.ts';
import { playPlanning } from './planning-story.ts';
import { finalCandidate } from './promotion-story.ts';
import { keepReport, replay } from './replay.ts';
import { cutCore, domainRepos, firstCandidate, lookBack, readiness, releaseOnlyChanges } from './story.ts';
import type { Theatre } from './theatre.ts';
import { playThird } from './third-story.ts';
import { RELEASE, type LineDates } from './train-file.ts';

/** How many days before today the whole story begins: it ends today. */
export const DAYS = 90;

/** From the planning to the cut, from there to the release, and from there to the patch. */
const CUT = 28;
const RELEASE_DAY = CUT + 36;
const PATCH_DAY = RELEASE_DAY + 35;
const FINAL = `${RELEASE}-rc3`;

/** The days of the line in a story that begins on this day. */
export function wholeDates(begin: CalendarDate): LineDates {
  const [cut, release, patch] = [CUT, RELEASE_DAY, PATCH_DAY].map((days) => addDays(begin, days));
  if (cut === undefined || release === undefined || patch === undefined)
    throw new Error('a day of the story is missing');
  return { cut, release, patches: [patch] };
}

/** Three months: planning, cut, three candidates, picks and reverts, final, promotion, release day, and the patch after it. */
export async function playWhole(theatre: Theatre): Promise<void> {
  const { clock, later } = theatre;
  /** Days go by until so many have passed since the beginning. */
  const until = (day: number): void => later(day - DAYS - clock.ahead());
  await playPlanning(theatre);
  until(CUT);
  await readiness(theatre, true);
  await cutCore(theatre);
  await releaseOnlyChanges(theatre, ['test-infra', 'pytorch']);
  await firstCandidate(theatre);
  until(CUT + 6);
  await domainRepos(theatre);
  until(CUT + 7);
  await playFiles(theatre);
  until(CUT + 9);
  await submitTutorials(theatre);
  // The last day for picks is nine days before the release.
  await playPicks(theatre, { beforeReverts: 2, beforeTheEnd: 17 });
  until(CUT + 30);
  await playThird(theatre);
  until(CUT + 32);
  await theFinalOne(theatre);
  until(RELEASE_DAY - 1);
  await playEve(theatre);
  until(RELEASE_DAY);
  await playDay(theatre);
  await playTelling(theatre);
  until(RELEASE_DAY + 7);
  await playPatch(theatre);
  until(DAYS);
  await lookBack(theatre);
  await keepReport(theatre);
  await replay(theatre);
}

async function theFinalOne(theatre: Theatre): Promise<void> {
  await theatre.chapter('The final candidate: kept, decided on, tested');
  await finalCandidate(theatre, FINAL);
  await playFinalGates(theatre, FINAL);
}
