/** Registers itself with cronstrue. */
declare module 'cronstrue/locales/ko';
