export { validationBody, type ValidationView } from './body.ts';
export { decideValidation, type ValidationFacts } from './decide.ts';
export { readValidation } from './found.ts';
export { planValidation } from './open.ts';
export { standingValidations } from './standing.ts';
