export { destine, stablePlan, WAVES, type Destined } from './stable.ts';
