/** The field of a form that carries the token of its session. */
export const FORM_FIELD = 'form-token';

/** Said in the form that signs out: every session of the person ends, not only this browser's. */
export const EVERYWHERE_FIELD = 'everywhere';
