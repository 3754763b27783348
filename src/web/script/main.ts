/**
 * The one script of the pages. Everything works without it but live updates, shortcuts, dialogs and the choice of looks; it is no module and
 * has no inline part, so that `script-src 'self'` is enough.
 */
import { startActions } from './actions.ts';
import { startGrids } from './grid.ts';
import { startKeys } from './keys.ts';
import { startLooks } from './looks.ts';
import { startRows } from './rows.ts';
import { startStream } from './stream.ts';

document.documentElement.classList.add('scripted');
startGrids();
startActions();
startKeys();
startLooks();
startRows();
startStream();
