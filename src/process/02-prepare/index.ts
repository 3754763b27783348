export { decideReadiness } from './decide.ts';
export { decideCoverage } from './decide-coverage.ts';
export { decideTriggers } from './decide-triggers.ts';
export { readTriggers } from './read-triggers.ts';
export { readReadiness } from './read.ts';
export { readSizes, type SizePorts } from './read-sizes.ts';
export { decideSizeForecast } from './size-forecast.ts';
