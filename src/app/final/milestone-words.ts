/** What the faces say of items of the milestone. */
export { standingText, type MilestoneFacts, type StandingItem } from '../../process/07-finalize/milestone/index.ts';
