export { decideReadiness } from './decide.ts';
export { readReadiness } from './read.ts';
export { readSizes, type SizePorts } from './read-sizes.ts';
export { decideSizeForecast } from './size-forecast.ts';
