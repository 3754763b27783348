/** The sandbox's builders make the wheels that tests need too. */
export * from '../sandbox/make-wheel.ts';
