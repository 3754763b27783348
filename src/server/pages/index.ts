import type { Page } from '../page.ts';
import { gatePage } from './gate.ts';
import { releasePage } from './release.ts';
import { trainPage } from './train.ts';

/** Every page there is, in the order of the API's description. */
export const PAGES: readonly Page[] = [trainPage, releasePage, gatePage];
