/** 1 is first, 5 is last (DESIGN §7). */
export const PRIORITIES = [1, 2, 3, 4, 5] as const;
