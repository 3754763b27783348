import type { Page } from '../page.ts';
import { artifactsPage } from './artifacts.ts';
import { gatePage } from './gate.ts';
import { picksPage } from './picks.ts';
import { releasePage } from './release.ts';
import { trainPage } from './train.ts';

/** Every page there is, in the order of the API's description. */
export const PAGES: readonly Page[] = [trainPage, releasePage, gatePage, picksPage, artifactsPage];
