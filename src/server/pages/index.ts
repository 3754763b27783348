import type { Page } from '../page.ts';
import { artifactsPage } from './artifacts.ts';
import { asksPage } from './asks.ts';
import { calendarPage } from './calendar.ts';
import { changePage } from './change.ts';
import { dayPage } from './day.ts';
import { diffPage } from './diff.ts';
import { gatePage } from './gate.ts';
import { logPage } from './log.ts';
import { patchPage } from './patch.ts';
import { peoplePage } from './people.ts';
import { performancePage } from './performance.ts';
import { picksPage } from './picks.ts';
import { planPage } from './plan.ts';
import { plansPage } from './plans.ts';
import { publishedPage } from './published.ts';
import { releasePage } from './release.ts';
import { supportPage } from './support.ts';
import { handoverPage, syncPage } from './papers.ts';
import { systemPage } from './system.ts';
import { todoPage } from './todo.ts';
import { trainPage } from './train.ts';

/** Every page there is, in the order of the API's description. */
export const PAGES: readonly Page[] = [
  trainPage,
  todoPage,
  releasePage,
  gatePage,
  performancePage,
  picksPage,
  changePage,
  diffPage,
  artifactsPage,
  publishedPage,
  plansPage,
  planPage,
  patchPage,
  dayPage,
  asksPage,
  syncPage,
  handoverPage,
  calendarPage,
  supportPage,
  peoplePage,
  logPage,
  systemPage,
];
