/** The role in which the person at the windows acts (DESIGN §7). */
export const PERSON_ROLE = 'Producer';
